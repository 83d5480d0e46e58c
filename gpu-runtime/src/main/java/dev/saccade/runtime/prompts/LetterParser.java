package dev.saccade.runtime.prompts;

import dev.saccade.runtime.TokenLogprobs;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The first letter of an option that stands by itself, else an answer that is an option's text. Where the letter's token has
 * log probabilities, the options' shares of what the model gave to all their letters.
 */
record LetterParser(List<String> options) implements OutputParser {

    private static final Pattern ALONE = Pattern.compile("(?<![\\p{L}\\p{N}])([A-Z])(?![\\p{L}\\p{N}])");

    @Override
    public ParsedOutput parse(WrittenOutput output) {
        int at = letterAt(output.answer());
        int index = at >= 0 ? output.answer().charAt(at) - 'A' : named(output.answer());
        if (index < 0) {
            return ParsedOutput.unreadable("The answer names none of the " + options.size() + " options.");
        }
        ObjectNode structure = PromptJson.MAPPER.createObjectNode();
        structure.put("letter", String.valueOf(PromptRendering.letter(index)));
        structure.put("index", index);
        structure.put("option", options.get(index));
        double[] shares = at < 0 ? null : shares(output, at);
        if (shares != null) {
            ArrayNode all = structure.putArray("probabilities");
            for (int i = 0; i < shares.length; i++) {
                all.addObject()
                        .put("letter", String.valueOf(PromptRendering.letter(i)))
                        .put("option", options.get(i))
                        .put("probability", shares[i]);
            }
        }
        return ParsedOutput.of(structure);
    }

    /** Where the letter stands; -1 where there is none. */
    private int letterAt(String answer) {
        Matcher alone = ALONE.matcher(answer);
        while (alone.find()) {
            if (alone.group(1).charAt(0) - 'A' < options.size()) {
                return alone.start();
            }
        }
        return -1;
    }

    private int named(String answer) {
        String said = plain(answer);
        for (int i = 0; i < options.size(); i++) {
            if (plain(options.get(i)).equals(said)) {
                return i;
            }
        }
        return -1;
    }

    private static String plain(String text) {
        String stripped = text.strip();
        return (stripped.endsWith(".") ? stripped.substring(0, stripped.length() - 1) : stripped)
                .toLowerCase(java.util.Locale.ROOT);
    }

    private double @Nullable [] shares(WrittenOutput output, int inAnswer) {
        TokenLogprobs token = tokenAt(output, inAnswer);
        if (token == null) {
            return null;
        }
        double[] shares = new double[options.size()];
        add(shares, token.text(), token.logprob());
        for (TokenLogprobs.Alternative other : token.top()) {
            if (other.token() != token.token()) {
                add(shares, other.text(), other.logprob());
            }
        }
        double sum = 0;
        for (double share : shares) {
            sum += share;
        }
        for (int i = 0; i < shares.length && sum > 0; i++) {
            shares[i] /= sum;
        }
        return sum > 0 ? shares : null;
    }

    private static void add(double[] shares, String text, double logprob) {
        String letter = text.strip();
        if (letter.startsWith("(")) {
            letter = letter.substring(1);
        }
        int index = letter.length() == 1 ? letter.charAt(0) - 'A' : -1;
        if (index >= 0 && index < shares.length) {
            shares[index] += Math.exp(logprob);
        }
    }

    private static @Nullable TokenLogprobs tokenAt(WrittenOutput output, int inAnswer) {
        int start = output.text().lastIndexOf(output.answer());
        int wanted = start + inAnswer;
        int reached = 0;
        for (TokenLogprobs token : output.logprobs()) {
            reached += token.text().length();
            if (start >= 0 && reached > wanted) {
                return token;
            }
        }
        return null;
    }
}
