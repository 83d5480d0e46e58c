package dev.saccade.runtime.text;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.ModelException;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.checkpoint.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns a conversation into token ids. The rendered conversation is encoded as one text for each stretch between the
 * template's own special tokens, so a question's first newline merges with the template's text, while special tokens that a
 * user wrote stay ordinary characters. Safe for use by several threads.
 */
public final class PromptEncoder {

    /** Most characters of a text that Unicode's normal form C composes into one, with room to spare. */
    private static final int CHARACTERS_NORMALISED_TO_ONE = 4;

    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final ModelConfig config;
    private final long mostCharacters;

    /**
     * An encoder for one model.
     *
     * @throws ModelException where tokenizer and configuration don't belong together
     */
    public PromptEncoder(Tokenizer tokenizer, ChatTemplate template, ModelConfig config) {
        this.tokenizer = tokenizer;
        this.template = template;
        this.config = config;
        this.mostCharacters =
                (long) config.text().maxPositions() * tokenizer.longestToken() * CHARACTERS_NORMALISED_TO_ONE;
        int rows = config.text().vocabularySize();
        if (tokenizer.vocabularySize() > rows) {
            throw new ModelException(
                    "inconsistent-config",
                    "tokenizer.json has " + tokenizer.vocabularySize() + " tokens, but config.json's vocab_size is "
                            + rows + "; the files belong to different models.");
        }
        for (int id : new int[] {
            config.imageTokenId(), config.videoTokenId(), config.visionStartTokenId(), config.visionEndTokenId()
        }) {
            if (!tokenizer.isSpecial(id)) {
                throw new ModelException(
                        "inconsistent-config",
                        "config.json names token " + id + " as a media token, but tokenizer.json has no special token"
                                + " of that id.");
            }
        }
    }

    /**
     * Encodes a conversation, open for the assistant's answer.
     *
     * @param numberMedia name media "Picture 1: ", "Video 1: "
     * @param visualTokensPerMedia visual tokens of each image and video, in prompt order
     * @throws InvalidRequestException where there is no message, the text can't fit the context, or the template refuses the conversation
     * @throws ModelException where the template leaves media out or doubles them
     */
    public EncodedPrompt encode(List<Message> messages, boolean numberMedia, int[] visualTokensPerMedia) {
        if (messages.isEmpty()) {
            throw new InvalidRequestException("invalid-messages", "messages is empty; give at least one message.");
        }
        refuseHopelesslyLong(messages);
        List<Part> media = ChatTemplate.media(messages);
        if (media.size() != visualTokensPerMedia.length) {
            throw new IllegalArgumentException(
                    media.size() + " media, but visual tokens of " + visualTokensPerMedia.length);
        }
        UserMarks marks = new UserMarks(tokenizer.addedTokens(), messages);
        String rendered = template.render(marks.set(messages), numberMedia, true);
        Ids ids = new Ids();
        List<MediaSpan> spans = new ArrayList<>();
        for (Tokenizer.Piece piece : tokenizer.split(rendered)) {
            switch (piece) {
                case Tokenizer.Piece.Text text -> ids.add(tokenizer.encode(marks.remove(text.text())));
                case Tokenizer.Piece.Added added
                when isPad(added.id()) -> {
                    int index = spans.size();
                    if (index == media.size() || added.id() != padOf(media.get(index))) {
                        throw mismatch(media.size());
                    }
                    spans.add(new MediaSpan(ids.size(), visualTokensPerMedia[index], index));
                    ids.repeat(added.id(), visualTokensPerMedia[index]);
                }
                case Tokenizer.Piece.Added added -> ids.add(added.id());
            }
        }
        if (spans.size() != media.size()) {
            throw mismatch(media.size());
        }
        return new EncodedPrompt(ids.toArray(), spans);
    }

    /** What can't fit the context even as the longest tokens is refused before time is spent on encoding it. */
    private void refuseHopelesslyLong(List<Message> messages) {
        long characters = messages.stream()
                .flatMap(message -> message.parts().stream())
                .mapToLong(part -> part instanceof Part.Text text ? text.text().length() : 0)
                .sum();
        if (characters > mostCharacters) {
            throw new InvalidRequestException(
                    "prompt-too-long",
                    "The messages have " + characters + " characters, which can't fit the model's context of "
                            + config.text().maxPositions() + " tokens; shorten them.");
        }
    }

    private boolean isPad(int id) {
        return id == config.imageTokenId() || id == config.videoTokenId();
    }

    private int padOf(Part media) {
        return media instanceof Part.Image ? config.imageTokenId() : config.videoTokenId();
    }

    private static ModelException mismatch(int media) {
        return new ModelException(
                "unsupported-chat-template",
                "The model's chat template does not give each of the " + media
                        + " media its one placeholder, in order.");
    }

    /** A growing array of ids. */
    private static final class Ids {

        private int[] ids = new int[256];
        private int size;

        int size() {
            return size;
        }

        void add(int... more) {
            reserve(more.length);
            System.arraycopy(more, 0, ids, size, more.length);
            size += more.length;
        }

        void repeat(int id, int count) {
            reserve(count);
            Arrays.fill(ids, size, size + count, id);
            size += count;
        }

        private void reserve(int more) {
            if (size + more > ids.length) {
                ids = Arrays.copyOf(ids, Math.max(size + more, 2 * ids.length));
            }
        }

        int[] toArray() {
            return Arrays.copyOf(ids, size);
        }
    }
}
