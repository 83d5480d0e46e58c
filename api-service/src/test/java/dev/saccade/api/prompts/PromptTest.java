package dev.saccade.api.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.jobs.HandWorker;
import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.jobs.Completion;
import dev.saccade.ledger.jobs.JobLedger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Prompts by name: listed, called in jobs and batches, and defined by a tenant. */
final class PromptTest {

    private final RunningApi api = RunningApi.get();
    private final Client client = api.newTenant();
    private final HandWorker worker = new HandWorker(api.bean(JobLedger.class));

    private static final String OWN = """
            {"name": "dock_check", "purpose": "Looks at a dock.", "user": "Dock {{dock}}: {{question}}",
             "parameters": [{"name": "dock", "type": "integer", "required": true, "min": 1, "max": 99},
                            {"name": "question", "type": "text", "default": "Is it free?"}],
             "media": {"min": 0, "max": 2, "images": true}, "reasoning": "off", "sampling": {"temperature": 0},
             "output": {"parser": "json", "constrained": true, "schema":
               {"type": "object", "properties": {"why": {"type": "string"}, "free": {"type": "boolean"}}, "required": ["why", "free"]}}}
            """;

    @Test
    void promptsAreListedInTheirNewestVersionAndReadInEach() {
        Answer list = client.get("/v1/prompts");
        Answer first = client.get("/v1/prompts/temporal_caption?version=1");

        assertThat(list.status()).isEqualTo(200);
        assertThat(list.json()
                        .path("data")
                        .valueStream()
                        .map(one -> one.path("name").asString()))
                .contains("caption", "video_critic", "grounding")
                .doesNotHaveDuplicates();
        assertThat(client.get("/v1/prompts/temporal_caption")
                        .json()
                        .at("/version")
                        .asInt())
                .isEqualTo(2);
        assertThat(first.text("/definition/output/parser")).isEqualTo("timed_lines");
        assertThat(first.json().at("/versions").toString()).isEqualTo("[1,2]");
        assertThat(client.get("/v1/prompts/nothing").text("/code")).isEqualTo("prompt-not-found");
        assertThat(client.get("/v1/prompts/caption?version=9").status()).isEqualTo(404);
    }

    @Test
    void aJobThatNamesAPromptIsStoredWithItsTextsAndDefaults() {
        String video = client.uploaded(Clips.VIDEO);

        Answer job = client.post("/v1/jobs", """
                {"video": "%s", "prompt": {"name": "temporal_caption", "arguments": {"focus": "Look at {{the}} <|im_end|>."}},
                 "sampling": {"temperature": 0}, "vision": {"nframes": 8}}""".formatted(video));

        assertThat(job.status()).as(job.json().toString()).isEqualTo(202);
        assertThat(job.text("/request/prompt/name")).isEqualTo("temporal_caption");
        assertThat(job.json().at("/request/prompt/version").asInt()).isEqualTo(2);
        assertThat(job.text("/request/messages/0/content/0/text")).contains("<think>");
        assertThat(job.text("/request/messages/1/content/0/video")).isEqualTo(video);
        assertThat(job.text("/request/messages/1/content/1/text")).contains("\nLook at {{the}} <|im_end|>.\n");
        assertThat(job.json().at("/request/vision").toString()).isEqualTo("{\"nframes\":8,\"timestamps\":true}");
        assertThat(job.json().at("/request/sampling/temperature").asDouble()).isZero();
        assertThat(job.text("/request/sampling/structured_outputs/json")).contains("caption");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\": \"nothing\"} | unknown-prompt | /prompt/name",
                "{\"arguments\": {}} | unknown-prompt | /prompt/name",
                "{\"name\": \"a\\u0000b\"} | unknown-prompt | /prompt/name",
                "{\"name\": \"action_plan\", \"arguments\": {\"goal\": \"x\", \"max_steps\": 1e999}} | invalid-argument | /prompt/arguments/max_steps",
                "{\"name\": \"question\", \"version\": 9} | unknown-prompt-version | /prompt/version",
                "{\"name\": \"question\"} | missing-argument | /prompt/arguments/question",
                "{\"name\": \"question\", \"arguments\": {\"question\": \"?\", \"more\": 1}} | unknown-argument | /prompt/arguments/more",
                "{\"name\": \"multiple_choice\", \"arguments\": {\"question\": \"?\", \"options\": []}} | invalid-argument | /prompt/arguments/options",
                "{\"name\": \"caption\"} | prompt-media | /video"
            })
    void aCallThatCannotBeTakenPointsAtItsPlace(String call, String code, String pointer) {
        Answer refused = client.post("/v1/jobs", "{\"prompt\": " + call + "}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("/code")).isEqualTo(code);
        assertThat(refused.text("/errors/0/pointer")).isEqualTo(pointer);
    }

    @Test
    void twentySevenOptionsAndOptionsOfItsOwnAreRefused() {
        String options = "\"x\",".repeat(26) + "\"x\"";
        assertThat(client.post(
                                "/v1/jobs",
                                "{\"prompt\": {\"name\": \"multiple_choice\", \"arguments\": {\"question\": \"?\", \"options\": ["
                                        + options + "]}}}")
                        .text("/detail"))
                .contains("27 options");
        assertThat(client.post("/v1/jobs", """
                        {"prompt": {"name": "question", "arguments": {"question": "Why?"}}, "question": "Why?"}""").text("/errors/0/pointer")).isEqualTo("/question");
        assertThat(client.post("/v1/jobs", """
                        {"prompt": {"name": "multiple_choice", "arguments": {"question": "?", "options": ["a"]}},
                         "sampling": {"structured_outputs": {"regex": "x"}}}""").text("/code")).isEqualTo("prompt-fixes-output");
        assertThat(client.post("/v1/jobs", """
                        {"messages": [{"role": "user", "content": "Why?"}],
                         "prompt": {"name": "question", "arguments": {"question": "Why?"}}}""").text("/errors/0/pointer")).isEqualTo("/messages/0/content/0");
    }

    @Test
    void theStructureStandsBesideTheText() {
        String id = client.post(
                        "/v1/jobs", "{\"prompt\": {\"name\": \"question\", \"arguments\": {\"question\": \"Why?\"}}}")
                .text("/id");
        var lease = worker.claimed(id);
        var outcome = HandWorker.outcome("Yes.");
        var parsed = new Completion("Yes.", null, "Yes.", "stop", 7, List.of(), "{\"z\":1,\"answer\":\"Yes.\"}", null);
        assertThat(api.bean(JobLedger.class).succeed(lease, outcome.withCompletions(List.of(parsed))))
                .isTrue();

        JsonNode result = client.get("/v1/jobs/" + id).json().path("result");

        assertThat(result.path("parsed").toString()).isEqualTo("{\"z\":1,\"answer\":\"Yes.\"}");
        assertThat(result.has("parse_error")).isFalse();
        assertThat(result.has("completions")).isFalse();
    }

    @Test
    void segmentsAreReadAsJsonAndAsSubtitles() {
        String video = client.uploaded(Clips.VIDEO);
        String id = client.post("/v1/jobs", """
                        {"video": "%s", "prompt": {"name": "temporal_caption"}}""".formatted(video)).text("/id");
        assertThat(client.get("/v1/jobs/" + id + "/segments").text("/code")).isEqualTo("job-not-finished");
        var parsed = new Completion("[]", null, "[]", "stop", 7, List.of(), """
                {"segments":[{"start":0.5,"end":2,"caption":"A <b>"}],"problems":["One was left out."]}""", null);
        api.bean(JobLedger.class)
                .succeed(worker.claimed(id), HandWorker.outcome("[]").withCompletions(List.of(parsed)));

        Answer json = client.get("/v1/jobs/" + id + "/segments");

        assertThat(json.json().at("/segments/0/end").asDouble()).isEqualTo(2);
        assertThat(json.text("/problems/0")).isEqualTo("One was left out.");
        assertThat(client.get("/v1/jobs/" + id + "/segments", "Accept", "text/vtt")
                        .body())
                .asString(java.nio.charset.StandardCharsets.UTF_8)
                .isEqualTo("WEBVTT\n\n1\n00:00:00.500 --> 00:00:02.000\nA &lt;b&gt;\n");
        assertThat(client.get("/v1/jobs/" + id + "/segments?format=srt").header("Content-Type"))
                .startsWith("application/x-subrip");
        assertThat(client.get("/v1/jobs/" + id + "/segments?format=pdf").text("/errors/0/pointer"))
                .isEqualTo("?format");
        assertThat(api.newTenant().get("/v1/jobs/" + id + "/segments").status()).isEqualTo(404);
    }

    @Test
    void aCloneNamesThePromptAgainAndMayTakeOtherArguments() {
        String video = client.uploaded(Clips.VIDEO);
        Answer job = client.post("/v1/jobs", """
                {"video": "%s", "prompt": {"name": "robot", "arguments": {"question": "Why?"}}, "reasoning": false}""".formatted(video));

        Answer same = client.post("/v1/jobs/" + job.text("/id") + "/clone", "{}");
        Answer other = client.post("/v1/jobs/" + job.text("/id") + "/clone", """
                {"prompt": {"name": "robot", "arguments": {"question": "Where?"}}}""");
        Answer own = client.post("/v1/jobs/" + job.text("/id") + "/clone", "{\"question\": \"When?\"}");

        assertThat(same.json().at("/request")).isEqualTo(job.json().at("/request"));
        assertThat(other.text("/request/messages/1/content/1/text")).isEqualTo("Where?");
        assertThat(own.text("/request/messages/1/content/1/text")).isEqualTo("When?");
        assertThat(own.json().at("/request").has("prompt")).isFalse();
    }

    @Test
    void marksAreKeptWithTheClipAndCopiedWithTheJob() {
        String marks = """
                [{"number":1,"frames":[{"box":[20.0,30.0,90.0,140.0]}]},
                 {"number":2,"interpolate":false,"frames":[{"at":0.0,"point":[200.0,40.0]},{"at":1.5,"polygon":[[1.0,2.0],[3.0,4.0],[5.0,2.0]]}]}]""";

        Answer job = marked(client.uploaded(Clips.VIDEO), "video", marks);

        assertThat(job.status()).as(job.json().toString()).isEqualTo(202);
        assertThat(job.json().at("/request/messages/1/content/0/marks"))
                .isEqualTo(tools.jackson.databind.json.JsonMapper.shared().readTree(marks));
        assertThat(client.post("/v1/jobs/" + job.text("/id") + "/clone", "{}")
                        .json()
                        .at("/request"))
                .isEqualTo(job.json().at("/request"));
        assertThat(worker.claimed(job.text("/id"))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{\"number\": 1, \"frames\": [{\"box\": [20, 30, 90000, 140]}]}] | /0/frames/0",
                "[{\"number\": 1, \"frames\": [{\"point\": [-1, 0]}]}] | /0/frames/0",
                "[{\"number\": 1, \"frames\": [{\"at\": 900, \"point\": [1, 1]}]}] | /0/frames/0/at",
                "[{\"number\": 1, \"frames\": [{\"at\": 1}]}] | /0/frames/0",
                "[{\"number\": 1, \"frames\": [{\"point\": [1, 1], \"box\": [1, 1, 2, 2]}]}] | /0/frames/0",
                "[{\"number\": 1, \"frames\": [{\"point\": [1]}]}] | /0/frames/0",
                "[{\"number\": 1}] | /0"
            })
    void marksThatAreNotInTheClipPointAtTheirPlace(String marks, String pointer) {
        Answer refused = marked(client.uploaded(Clips.VIDEO), "video", marks);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("/code")).isEqualTo("invalid-mark");
        assertThat(refused.text("/errors/0/pointer")).isEqualTo("/messages/0/content/0/marks" + pointer);
    }

    @Test
    void anImageIsMarkedAsAClipIsButWithoutTimes() {
        String image = client.uploaded(Clips.IMAGE);
        String mark = "[{\"number\": 1, \"frames\": [{%s}]}]";

        Answer job = marked(image, "image", mark.formatted("\"point\": [1, 1]"));
        assertThat(job.status()).as(job.json().toString()).isEqualTo(202);
        assertThat(job.json().at("/request/messages/1/content/0/marks/0/number").asInt())
                .isEqualTo(1);
        assertThat(client.post("/v1/jobs/" + job.text("/id") + "/clone", "{}")
                        .json()
                        .at("/request"))
                .isEqualTo(job.json().at("/request"));

        Answer timed = marked(image, "image", mark.formatted("\"at\": 1, \"point\": [1, 1]"));
        assertThat(timed.text("/errors/0/pointer")).isEqualTo("/messages/0/content/0/marks/0/frames/0/at");
        Answer outside = marked(image, "image", mark.formatted("\"point\": [5000, 1]"));
        assertThat(outside.text("/errors/0/pointer")).isEqualTo("/messages/0/content/0/marks/0/frames/0");
        assertThat(outside.text("/code")).isEqualTo("invalid-mark");
    }

    private Answer marked(String video, String type, String marks) {
        return client.post("/v1/jobs", """
                {"messages": [{"role": "user", "content": [{"type": "%s", "video": "%s", "marks": %s}]}],
                 "prompt": {"name": "describe_subjects"}}""".formatted(type, video, marks));
    }

    @Test
    void aTenantDefinesPromptsThatOnlyItSees() {
        Answer defined = client.post("/v1/prompts", OWN);
        assertThat(defined.status()).as(defined.json().toString()).isEqualTo(201);
        assertThat(defined.header("Location")).isEqualTo("/v1/prompts/dock_check");
        assertThat(client.post("/v1/prompts", OWN.replace("Is it free?", "Is it empty?"))
                        .json()
                        .at("/version")
                        .asInt())
                .isEqualTo(2);

        String call = "{\"prompt\": {\"name\": \"dock_check\", \"arguments\": {\"dock\": 7}}}";
        Answer job = client.post("/v1/jobs", call);

        assertThat(job.text("/request/messages/1/content/0/text")).isEqualTo("Dock 7: Is it empty?");
        assertThat(job.json().at("/request/prompt/own").asBoolean()).isTrue();
        assertThat(api.newTenant().post("/v1/jobs", call).text("/code")).isEqualTo("unknown-prompt");
        assertThat(api.newTenant().get("/v1/prompts/dock_check").status()).isEqualTo(404);
        assertThat(api.newTenant().method("DELETE", "/v1/prompts/dock_check").status())
                .isEqualTo(404);
    }

    @Test
    void aVersionsNumberIsNeverUsedAgain() {
        client.post("/v1/prompts", OWN);
        client.post("/v1/prompts", OWN);

        assertThat(client.method("DELETE", "/v1/prompts/dock_check?version=2").status())
                .isEqualTo(204);
        assertThat(client.get("/v1/prompts/dock_check").json().at("/versions").toString())
                .isEqualTo("[1]");
        assertThat(client.method("DELETE", "/v1/prompts/dock_check").status()).isEqualTo(204);
        assertThat(client.post("/v1/prompts", OWN).json().at("/version").asInt())
                .isEqualTo(3);
    }

    @Test
    void aDefinitionThatCannotBeUsedIsRefusedWithItsPlaces() {
        Answer refused = client.post("/v1/prompts", "{\"name\": \"X\", \"user\": \"{{nobody}}\", \"purpose\": \"p\"}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json()
                        .at("/errors")
                        .valueStream()
                        .map(one -> one.path("pointer").asString()))
                .containsExactlyInAnyOrder("/name", "/user");
        assertThat(client.post("/v1/prompts", OWN.replace("dock_check", "caption"))
                        .text("/code"))
                .isEqualTo("prompt-name-taken");
    }

    @Test
    void aLineWithAWrongCallLosesNothingElseOfABatch() {
        String body = """
                {"custom_id": "a", "body": {"prompt": {"name": "question", "arguments": {"question": "Why?"}}}}
                {"custom_id": "b", "body": {"prompt": {"name": "nothing"}}}
                {"custom_id": "c", "body": {"prompt": {"name": "question", "arguments": {}}}}
                {"custom_id": "d", "body": {"prompt": {"name": "question", "arguments": {"question": "How?"}}}}
                """;
        Answer batch = client.send(client.request("/v1/batches", "Content-Type", "application/jsonl")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body)));

        assertThat(batch.json().at("/jobs").asInt()).as(batch.json().toString()).isEqualTo(2);
        assertThat(batch.json().at("/rejected").asInt()).isEqualTo(2);
    }

    @Test
    void aFolderOfClipsIsAskedAPrompt() {
        String video = client.uploaded(Clips.VIDEO);

        Answer batch = client.post("/v1/batches", """
                {"videos": ["%s"], "request": {"prompt": {"name": "caption", "arguments": {"focus": "Mind the road."}}}}""".formatted(video));

        assertThat(batch.json().at("/jobs").asInt()).as(batch.json().toString()).isEqualTo(1);
    }
}
