package dev.saccade.runtime.text;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.ModelException;
import dev.saccade.runtime.Part;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A checkpoint's chat template (Jinja2), rendered as Hugging Face renders it: blocks trimmed and stripped on the left.
 * What users write is data: {@code {{ }}} and {@code {% %}} in it come out as they are. Safe for use by several threads.
 */
public final class ChatTemplate {

    private static final long MAX_OUTPUT_CHARACTERS = 64L << 20;

    private final String source;
    private final Jinjava jinjava;

    private ChatTemplate(String source) {
        // Jinja2 drops one newline at the end of a template file
        this.source = source.endsWith("\n") ? source.substring(0, source.length() - 1) : source;
        this.jinjava = new Jinjava(JinjavaConfig.newBuilder()
                .withNestedInterpretationEnabled(false)
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                .withMaxOutputSize(MAX_OUTPUT_CHARACTERS)
                .build());
        jinjava.getGlobalContext()
                .registerFunction(new ELFunctionDefinition(
                        "", "raise_exception", ChatTemplate.class, "raiseException", String.class));
        TemplateCheck.requireKnown(this.source, jinjava.getGlobalContext());
    }

    /**
     * Reads the template of a model folder.
     *
     * @throws ModelException where the folder has none
     */
    public static ChatTemplate open(Path dir) {
        return new ChatTemplate(TemplateSource.read(dir));
    }

    static ChatTemplate of(String source) {
        return new ChatTemplate(source);
    }

    /**
     * The conversation as one text, each image and video still a single placeholder.
     *
     * @param addVisionId names media "Picture 1: ", "Video 1: "
     * @param addGenerationPrompt ends with the opening of the assistant's turn
     * @throws InvalidRequestException where the template refuses the conversation, e.g. the order of its roles
     * @throws ModelException where the template itself can't be rendered
     */
    public String render(List<Message> messages, boolean addVisionId, boolean addGenerationPrompt) {
        Map<String, Object> context = new HashMap<>();
        context.put("messages", messages.stream().map(ChatTemplate::message).toList());
        context.put("add_vision_id", addVisionId);
        context.put("add_generation_prompt", addGenerationPrompt);
        RenderResult result = jinjava.renderForResult(source, context);
        for (TemplateError error : result.getErrors()) {
            fail(error);
        }
        return result.getOutput();
    }

    private static void fail(TemplateError error) {
        for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Refusal refusal) {
                throw new InvalidRequestException(
                        "invalid-messages", "The model's chat template refuses the messages: " + refusal.getMessage());
            }
        }
        throw new ModelException(
                "unsupported-chat-template",
                "The chat template can't be rendered (" + error.getReason() + " in line " + error.getLineno() + ").",
                error.getException());
    }

    /** A system or assistant turn of one text is a string, as clients usually send it; all else is a list of parts. */
    private static Map<String, Object> message(Message message) {
        Object content = message.parts().stream().map(ChatTemplate::part).toList();
        if (message.role() != Message.Role.USER
                && message.parts().size() == 1
                && message.parts().getFirst() instanceof Part.Text text) {
            content = text.text();
        }
        return Map.of("role", message.role().name().toLowerCase(Locale.ROOT), "content", content);
    }

    private static Map<String, Object> part(Part part) {
        // templates ask for the key as well as for the type; file names are none of the model's business
        return switch (part) {
            case Part.Text text -> Map.of("type", "text", "text", text.text());
            case Part.Image ignored -> Map.of("type", "image", "image", "image");
            case Part.Video ignored -> Map.of("type", "video", "video", "video");
        };
    }

    /** Images and videos of all messages, in the order in which the model reads them. */
    static List<Part> media(List<Message> messages) {
        List<Part> media = new ArrayList<>();
        for (Message message : messages) {
            message.parts().stream()
                    .filter(part -> !(part instanceof Part.Text))
                    .forEach(media::add);
        }
        return media;
    }

    /** The function by which templates refuse a conversation. */
    public static String raiseException(String reason) {
        throw new Refusal(reason);
    }

    private static final class Refusal extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Refusal(String reason) {
            super(reason);
        }
    }
}
