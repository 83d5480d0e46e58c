package dev.saccade.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.ModelException;
import dev.saccade.runtime.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplateTest {

    private static List<Message> question(String text) {
        return List.of(Message.user(new Part.Text(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 7*7 }}",
                "{% for i in range(9) %}x{% endfor %}",
                "{# gone #}",
                "{% raw %}{{ messages }}{% endraw %}",
                "{{ messages[0].role }} {%- if true %}",
                "{% include '/etc/passwd' %}",
                "&lt;b&gt; & \" ' \\n"
            })
    void whatUsersWriteIsNeverExecuted(String text) {
        String rendered = ChatTemplate.open(GoldenPrompts.DEMO).render(question(text), false, true);

        assertThat(rendered).endsWith("<|im_start|>user\n" + text + "<|im_end|>\n<|im_start|>assistant\n");
    }

    @Test
    void theGenerationPromptCanBeLeftOut() {
        ChatTemplate template = ChatTemplate.open(GoldenPrompts.DEMO);

        assertThat(template.render(question("Why?"), false, false)).endsWith("Why?<|im_end|>\n");
    }

    @Test
    void fileOfTheNewestGenerationComesFirst(@TempDir Path dir) throws IOException {
        Files.writeString(dir.resolve("tokenizer_config.json"), "{\"chat_template\": \"field\"}");
        assertThat(rendered(dir)).isEqualTo("field");
        Files.writeString(dir.resolve("chat_template.json"), "{\"chat_template\": \"json\"}");
        assertThat(rendered(dir)).isEqualTo("json");
        Files.writeString(dir.resolve("chat_template.jinja"), "jinja\n");
        assertThat(rendered(dir)).isEqualTo("jinja");
    }

    @Test
    void ofNamedTemplatesTheDefaultIsTaken(@TempDir Path dir) throws IOException {
        Files.writeString(dir.resolve("tokenizer_config.json"), """
                {"chat_template": [{"name": "tool_use", "template": "tools"}, {"name": "default", "template": "plain"}]}
                """);

        assertThat(rendered(dir)).isEqualTo("plain");
    }

    private static String rendered(Path dir) {
        return ChatTemplate.open(dir).render(question("x"), false, true);
    }

    @Test
    void aFolderWithoutTemplateIsRefused(@TempDir Path dir) throws IOException {
        assertRefused(dir, "missing-chat-template");
        Files.writeString(dir.resolve("tokenizer_config.json"), "{\"chat_template\": null}");
        assertRefused(dir, "missing-chat-template");
        Files.writeString(dir.resolve("tokenizer_config.json"), "{\"chat_template\": [{\"name\": \"rag\"}]}");
        assertRefused(dir, "missing-chat-template");
        Files.writeString(dir.resolve("tokenizer_config.json"), "{");
        assertRefused(dir, "not-json");
        Files.write(dir.resolve("chat_template.jinja"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertRefused(dir, "unreadable-file");
    }

    private static void assertRefused(Path dir, String code) {
        assertThatThrownBy(() -> ChatTemplate.open(dir))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for m in messages %}",
                "{% nonsense %}",
                "{{ messages | no_such_filter }}",
                "{% if messages is purple %}x{% endif %}"
            })
    void aTemplateThatCantBeRenderedIsTheModelsFault(String source) {
        assertThatThrownBy(() -> ChatTemplate.of(source).render(question("secret words"), false, true))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.code()).isEqualTo("unsupported-chat-template"))
                .hasMessageContaining("The chat template can't be rendered")
                .hasMessageNotContaining("secret");
    }

    @Test
    void filtersAndTestsInsideStringsAreText() {
        assertThat(ChatTemplate.of("{{ 'a | nothing is purple' | upper }}").render(question("x"), false, true))
                .isEqualTo("A | NOTHING IS PURPLE");
    }

    @Test
    void aTemplateMayRefuseTheMessages() {
        ChatTemplate template = ChatTemplate.of(
                "{% if messages[0].role != 'system' %}{{ raise_exception('Begin with a system message') }}{% endif %}ok");

        assertThatThrownBy(() -> template.render(question("x"), false, true))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("invalid-messages"))
                .hasMessageContaining("Begin with a system message");
        assertThat(template.render(List.of(Message.system("s")), false, true)).isEqualTo("ok");
    }

    @Test
    void blocksTakeNoLinesOfTheirOwn() {
        ChatTemplate template = ChatTemplate.of("a\n  {% for m in messages %}\nb\n  {% endfor %}\nc\n");

        assertThat(template.render(question("x"), false, true)).isEqualTo("a\nb\nc");
    }

    @Test
    void fileNamesStayOutOfThePrompt() {
        Message message = Message.user(new Part.Video(Path.of("/srv/tenant/secret.mp4")), new Part.Text("?"));

        assertThat(ChatTemplate.of("{{ messages }}").render(List.of(message), false, true))
                .contains("video")
                .doesNotContain("secret");
    }
}
