package dev.saccade.runtime.text;

import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import java.util.Collection;
import java.util.List;

/**
 * Keeps what users wrote apart from the template's own special tokens while both are rendered into one text.
 *
 * <p>Where a part of a message contains an added token, or ends with the beginning of one, a mark is set behind the first
 * character, so that no added token is found there. The mark is a string that occurs in no message; it is taken out again
 * before the text is encoded, so that not one character of the user's changes.
 */
final class UserMarks {

    private final Collection<String> tokens;
    private final String mark;

    UserMarks(Collection<String> tokens, List<Message> messages) {
        this.tokens = tokens;
        this.mark = unused(messages);
    }

    private static String unused(List<Message> messages) {
        for (int n = 0; ; n++) {
            String candidate = "\uE000" + n + "\uE001";
            if (messages.stream()
                    .flatMap(message -> message.parts().stream())
                    .noneMatch(part ->
                            part instanceof Part.Text text && text.text().contains(candidate))) {
                return candidate;
            }
        }
    }

    List<Message> set(List<Message> messages) {
        return messages.stream()
                .map(message -> new Message(
                        message.role(), message.parts().stream().map(this::set).toList()))
                .toList();
    }

    private Part set(Part part) {
        return part instanceof Part.Text text ? new Part.Text(set(text.text())) : part;
    }

    private String set(String text) {
        StringBuilder marked = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            marked.append(text.charAt(i));
            if (beginsToken(text, i)) {
                marked.append(mark);
            }
        }
        return marked.toString();
    }

    private boolean beginsToken(String text, int from) {
        for (String token : tokens) {
            int length = Math.min(token.length(), text.length() - from);
            if (text.charAt(from) == token.charAt(0) && text.regionMatches(from, token, 0, length)) {
                return true;
            }
        }
        return false;
    }

    String remove(String text) {
        return text.replace(mark, "");
    }
}
