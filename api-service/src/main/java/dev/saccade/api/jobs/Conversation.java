package dev.saccade.api.jobs;

import dev.saccade.api.jobs.JobSubmission.Content;
import dev.saccade.api.jobs.JobSubmission.Part;
import dev.saccade.api.jobs.JobSubmission.PartType;
import dev.saccade.api.jobs.JobSubmission.Role;
import dev.saccade.api.jobs.JobSubmission.Turn;
import dev.saccade.ledger.jobs.ContentPart;
import dev.saccade.ledger.jobs.RequestMessage;
import dev.saccade.runtime.text.SystemPrompts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns what a client sent into the conversation that the model gets, noting what can't be taken. */
final class Conversation {

    private final Violations violations;
    private final Texts texts;
    private final MediaLookup media;
    private final int maxMessages;

    Conversation(Violations violations, Texts texts, MediaLookup media, int maxMessages) {
        this.violations = violations;
        this.texts = texts;
        this.media = media;
        this.maxMessages = maxMessages;
    }

    /** @param prompt what the prompt that the job names came to; null where it names none, or one that can't be taken */
    List<RequestMessage> of(JobSubmission job, @Nullable PromptExpansion prompt) {
        if (job.prompt() != null) {
            List<ContentPart> parts = promptMedia(job);
            return prompt == null ? List.of() : prompt.messages(parts, texts, violations);
        }
        List<RequestMessage> messages = new ArrayList<>();
        List<@Nullable Turn> turns = job.messages();
        if (turns == null) {
            question(job, messages);
        } else if (job.question() != null || job.video() != null) {
            violations.add("invalid-request", "/messages", "Give either messages, or video and question; not both.");
        } else {
            turns(turns, messages);
        }
        if (messages.isEmpty() || !messages.getFirst().role().equals("system")) {
            boolean reasoning = job.reasoning() == null || job.reasoning();
            String system = reasoning ? SystemPrompts.REASONING : SystemPrompts.PLAIN;
            messages.addFirst(new RequestMessage("system", List.of(new ContentPart.Text(system))));
        }
        return messages;
    }

    /** With a prompt the texts are the prompt's; what it is about is one video, or one turn of media. */
    private List<ContentPart> promptMedia(JobSubmission job) {
        List<ContentPart> parts = new ArrayList<>();
        if (job.question() != null) {
            violations.add("invalid-request", "/question", "Give either a prompt, or a question; not both.");
        }
        if (job.video() != null) {
            add(parts, media.find(job.video(), "/video"));
        }
        List<@Nullable Turn> turns = job.messages();
        if (turns == null) {
            return parts;
        }
        Turn only = turns.size() == 1 ? turns.getFirst() : null;
        if (job.video() != null || only == null || only.role() != Role.USER || only.content() == null) {
            violations.add(
                    "invalid-request",
                    "/messages",
                    "With a prompt, give either video, or one message of the user's that holds just media.");
            return parts;
        }
        List<@Nullable Part> given = only.content().parts();
        for (int i = 0; i < given.size(); i++) {
            String pointer = "/messages/0/content/" + i;
            ContentPart part = part(Role.USER, given.get(i), pointer);
            if (part instanceof ContentPart.Text) {
                violations.add("invalid-request", pointer, "The prompt has the texts. Leave this one out.");
            } else {
                add(parts, part);
            }
        }
        return parts;
    }

    private void question(JobSubmission job, List<RequestMessage> messages) {
        List<ContentPart> parts = new ArrayList<>();
        if (job.video() != null) {
            add(parts, media.find(job.video(), "/video"));
        }
        if (job.question() == null) {
            violations.add("question-empty", "/question", "Give a question, or messages.");
        } else {
            texts.check(job.question(), "/question");
            parts.add(new ContentPart.Text(job.question()));
        }
        messages.add(new RequestMessage("user", parts));
    }

    private void turns(List<@Nullable Turn> turns, List<RequestMessage> messages) {
        if (turns.isEmpty() || turns.size() > maxMessages) {
            violations.add("invalid-field", "/messages", "Give between 1 and " + maxMessages + " messages.");
            return;
        }
        for (int i = 0; i < turns.size(); i++) {
            Turn turn = turns.get(i);
            String pointer = "/messages/" + i;
            if (turn == null || turn.role() == null || turn.content() == null) {
                violations.add("invalid-field", pointer, "Give the message a role and content.");
            } else {
                turn(turn.role(), turn.content(), pointer, i, messages);
            }
        }
        Turn last = turns.getLast();
        if (last != null && last.role() != Role.USER) {
            violations.add("invalid-field", "/messages/" + (turns.size() - 1), "The last message must be the user's.");
        }
    }

    private void turn(Role role, Content content, String pointer, int index, List<RequestMessage> messages) {
        if (role == Role.SYSTEM && index > 0) {
            violations.add("invalid-field", pointer + "/role", "Only the first message can be the system's.");
        }
        List<ContentPart> parts = new ArrayList<>();
        if (content.parts().isEmpty()) {
            violations.add("question-empty", pointer + "/content", "The message is empty.");
        }
        boolean plain = content.parts().size() == 1;
        for (int i = 0; i < content.parts().size(); i++) {
            // A plain text and a list of one part are the same thing here; /content names both.
            add(parts, part(role, content.parts().get(i), pointer + "/content" + (plain ? "" : "/" + i)));
        }
        messages.add(new RequestMessage(role.name().toLowerCase(Locale.ROOT), parts));
    }

    private @Nullable ContentPart part(Role role, @Nullable Part part, String pointer) {
        if (part == null || part.type() == null) {
            violations.add("invalid-field", pointer, "Give the part a type: text, video or image.");
            return null;
        }
        boolean isText = part.type() == PartType.TEXT;
        if (isText ? part.text() == null || part.video() != null : part.video() == null || part.text() != null) {
            violations.add(
                    "invalid-field",
                    pointer,
                    isText ? "A part of type text has just text." : "A part of this type has just video: an id.");
            return null;
        }
        if (isText && part.marks() != null) {
            violations.add("invalid-mark", pointer + "/marks", "Only videos and images can be marked.");
        }
        if (isText && part.text() != null) {
            texts.check(part.text(), pointer);
            return new ContentPart.Text(part.text());
        }
        if (role != Role.USER) {
            violations.add("invalid-field", pointer, "Only messages of the user can hold media.");
            return null;
        }
        return media(part, pointer);
    }

    private @Nullable ContentPart media(Part part, String pointer) {
        ContentPart found = part.video() == null
                ? null
                : media.find(part.video(), pointer + "/video", part.marks(), pointer + "/marks");
        boolean isImage = found instanceof ContentPart.Image;
        if (found != null && isImage != (part.type() == PartType.IMAGE)) {
            violations.add(
                    "wrong-media-kind", pointer + "/type", "This id names " + (isImage ? "an image." : "a video."));
        }
        return found;
    }

    private static void add(List<ContentPart> parts, @Nullable ContentPart part) {
        if (part != null) {
            parts.add(part);
        }
    }
}
