package dev.saccade.runtime.checkpoint.random;

import dev.saccade.runtime.checkpoint.ModelConfig;
import dev.saccade.runtime.checkpoint.TextConfig;
import dev.saccade.runtime.checkpoint.VisionConfig;
import java.util.List;
import java.util.Set;

/** Where a vocabulary's added tokens begin; they follow in the published order. */
enum SpecialTokens {
    /** The demo model's vocabulary of 715 tokens. */
    DEMO(715),
    /** Qwen2.5's vocabulary of 151,643 tokens. */
    QWEN(151_643);

    /** From {@code <|endoftext|>} on, in the order of their ids. The demo model's vocabulary ends with video_pad. */
    private static final List<String> CONTENTS = List.of(
            "<|endoftext|>",
            "<|im_start|>",
            "<|im_end|>",
            "<|object_ref_start|>",
            "<|object_ref_end|>",
            "<|box_start|>",
            "<|box_end|>",
            "<|quad_start|>",
            "<|quad_end|>",
            "<|vision_start|>",
            "<|vision_end|>",
            "<|vision_pad|>",
            "<|image_pad|>",
            "<|video_pad|>",
            "<tool_call>",
            "</tool_call>",
            "<|fim_prefix|>",
            "<|fim_middle|>",
            "<|fim_suffix|>",
            "<|fim_pad|>",
            "<|repo_name|>",
            "<|file_sep|>");

    private final int first;

    SpecialTokens(int first) {
        this.first = first;
    }

    /** Ordinary tokens; the id of the first added one. */
    int ordinary() {
        return first;
    }

    int id(String content) {
        return first + CONTENTS.indexOf(content);
    }

    List<String> contents() {
        return CONTENTS;
    }

    /** Qwen2.5's markup from tool_call on is text that a reader of the answer may see. */
    static boolean isMarkup(String content) {
        return CONTENTS.indexOf(content) <= CONTENTS.indexOf("<|video_pad|>");
    }

    ModelConfig complete(TextConfig text, VisionConfig vision) {
        return new ModelConfig(
                text,
                vision,
                id("<|image_pad|>"),
                id("<|video_pad|>"),
                id("<|vision_start|>"),
                id("<|vision_end|>"),
                Set.of(id("<|im_end|>"), id("<|endoftext|>")));
    }
}
