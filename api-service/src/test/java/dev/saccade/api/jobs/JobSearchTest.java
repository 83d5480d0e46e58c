package dev.saccade.api.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.jobs.JobLedger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists narrowed by what jobs are, say and answer, and cancels of what was found. */
final class JobSearchTest {

    private final RunningApi api = RunningApi.get();
    private final HandWorker worker = new HandWorker(api.bean(JobLedger.class));
    private final Client client = api.newTenant();

    @Test
    void wordsOfTheQuestionAreFoundInTheirForms() {
        String turn = submitted("Is it safe to turn right?", "");
        String park = submitted("Where could the robot park? \\u26a0", "");

        assertThat(found("prompt=turning")).containsExactly(turn);
        assertThat(found("prompt=robot parking")).containsExactly(park);
        assertThat(found("prompt=turn or park")).containsExactly(park, turn);
        assertThat(found("prompt=\"turn right\"")).containsExactly(turn);
        assertThat(found("prompt=\"right turn\"")).isEmpty();
        assertThat(found("prompt=-park")).containsExactly(turn);
        // the prompt that every job has in front is not what was asked
        assertThat(found("prompt=assistant")).isEmpty();
    }

    @Test
    void wordsOfTheAnswerAreFound() {
        String first = submitted("One?", "");
        String second = submitted("Two?", "");
        worker.answer(first, "A cyclist comes from the left.");
        worker.answer(second, "Nobody is there.");

        assertThat(found("answer=cyclists")).containsExactly(first);
        assertThat(found("answer=one")).isEmpty();
        assertThat(found("q=cyclist or two")).containsExactly(second, first);
        assertThat(found("answer=cyclist&prompt=one&state=succeeded")).containsExactly(first);
        assertThat(found("answer=cyclist&prompt=two")).isEmpty();
    }

    @Test
    void tagVideoStateAndTimeNarrowTogether() {
        String video = client.uploaded(Clips.VIDEO);
        String night = submitted("One?", ",\"tags\":[\"it's \\\\ night\",\"b\"],\"video\":\"" + video + "\"");
        String day = submitted("One?", ",\"tags\":[\"day\"]");
        String soon = Instant.now().plusSeconds(60).toString();
        String ago = Instant.now().minusSeconds(3600).toString();

        assertThat(found("tag=it's \\ night")).containsExactly(night);
        assertThat(found("tag=nigh")).isEmpty();
        assertThat(found("video=" + video)).containsExactly(night);
        assertThat(found("video=" + video + "&tag=day")).isEmpty();
        assertThat(found("from=" + ago + "&until=" + soon)).containsExactly(day, night);
        assertThat(found("from=" + soon)).isEmpty();
        assertThat(found("until=" + ago)).isEmpty();
        client.cancel(day);
        assertThat(found("state=cancelled&prompt=one")).containsExactly(day);
        assertThat(found("state=cancelled&state=queued")).containsExactly(day, night);
    }

    @Test
    void searchIsPagedByCursor() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.addFirst(submitted("Which lane?", ""));
            submitted("Another one?", "");
        }

        Answer first = client.get("/v1/jobs?prompt=lane&limit=3");
        assertThat(ids(first)).isEqualTo(all.subList(0, 3));
        Answer second = client.get("/v1/jobs?prompt=lane&limit=3&after=" + first.text("/next_cursor"));
        assertThat(ids(second)).isEqualTo(all.subList(3, 5));
        assertThat(second.json().has("next_cursor")).isFalse();
    }

    @Test
    void anotherTenantsWordsTagsAndVideosFindNothing() {
        String video = client.uploaded(Clips.VIDEO);
        String id = submitted("A secret pedestrian?", ",\"tags\":[\"night\"],\"video\":\"" + video + "\"");
        worker.answer(id, "A secret cyclist.");
        Client other = api.newTenant();

        for (String query : List.of("prompt=secret", "answer=secret", "q=secret", "tag=night", "video=" + video)) {
            assertThat(ids(other.get("/v1/jobs?" + query))).as(query).isEmpty();
            assertThat(ids(client.get("/v1/jobs?" + query))).as(query).containsExactly(id);
        }
        assertThat(ids(other.get("/v1/jobs?prompt=secret&after=" + id))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "q=',!:*(&|",
                "q=%25",
                "q=<->",
                "q=\"",
                "q=\\",
                "tag='",
                "tag=\\",
                "q='; drop table job --",
                "q=a:*",
                "q=the"
            })
    void whatLooksLikeSyntaxIsHarmless(String query) {
        submitted("Why?", "");

        assertThat(client.get("/v1/jobs?" + encoded(query)).status()).isEqualTo(200);
        assertThat(client.get("/v1/jobs").json().at("/data").size()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"state=asleep", "from=yesterday", "tag=", "q=%00", "video=vid_1", "after=x", "limit=0"})
    void parametersThatCanNotBeAreRefused(String query) {
        Answer answer = client.get("/v1/jobs?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("/code")).isEqualTo("invalid-parameter");
    }

    @Test
    void allThatWasFoundIsCancelledAndNothingElse() {
        String waiting = submitted("One?", ",\"tags\":[\"old\"]");
        String running = submitted("Two?", ",\"tags\":[\"old\"]");
        String done = submitted("Three?", ",\"tags\":[\"old\"]");
        String kept = submitted("Four?", ",\"tags\":[\"new\"]");
        worker.claimed(running);
        worker.answer(done, "Yes.");
        Client other = api.newTenant();
        String foreign = other.post("/v1/jobs", "{\"question\":\"Why?\",\"tags\":[\"old\"]}")
                .text("/id");

        Answer answer = client.post("/v1/jobs/cancel", "{\"tag\":\"old\"}");

        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
        assertThat(answer.json().at("/cancelled").asInt()).isEqualTo(1);
        assertThat(answer.json().at("/cancel_requested").asInt()).isEqualTo(1);
        assertThat(answer.json().at("/has_more").asBoolean()).isFalse();
        assertThat(client.get("/v1/jobs/" + waiting).text("/state")).isEqualTo("cancelled");
        assertThat(client.get("/v1/jobs/" + done).text("/state")).isEqualTo("succeeded");
        assertThat(client.get("/v1/jobs/" + kept).text("/state")).isEqualTo("queued");
        assertThat(other.get("/v1/jobs/" + foreign).text("/state")).isEqualTo("queued");
        Answer again = client.post("/v1/jobs/cancel", "{\"tag\":\"old\"}");
        assertThat(again.json().at("/cancel_requested").asInt()).isZero();
    }

    @Test
    void bulkCancelNeedsACondition() {
        assertThat(client.post("/v1/jobs/cancel", "{}").text("/code")).isEqualTo("selection-empty");
        assertThat(client.post("/v1/jobs/cancel", "{\"tenant_id\":\"x\"}").text("/code"))
                .isEqualTo("unknown-field");
        assertThat(client.post("/v1/jobs/cancel", "{\"state\":[\"succeeded\"]}")
                        .json()
                        .at("/cancelled")
                        .asInt())
                .isZero();
    }

    private String submitted(String question, String more) {
        Answer answer = client.post("/v1/jobs", "{\"question\":\"" + question + "\"" + more + "}");
        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(202);
        return answer.text("/id");
    }

    private List<String> found(String query) {
        return ids(client.get("/v1/jobs?" + encoded(query)));
    }

    /** Each parameter's value is encoded; the values hold no ampersand that separates. */
    private static String encoded(String query) {
        List<String> parameters = new ArrayList<>();
        for (String parameter : query.split("&(?=[a-z]+=)")) {
            int equals = parameter.indexOf('=');
            parameters.add(parameter.substring(0, equals + 1)
                    + URLEncoder.encode(parameter.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return String.join("&", parameters);
    }

    private static List<String> ids(Answer page) {
        assertThat(page.status()).as(page.json().toString()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        page.json().at("/data").forEach(job -> ids.add(job.at("/id").asString("")));
        return ids;
    }
}
