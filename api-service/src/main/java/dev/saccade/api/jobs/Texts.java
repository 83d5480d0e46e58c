package dev.saccade.api.jobs;

/** Checks texts that go to the model, and counts them against the limit that they share. */
final class Texts {

    private final Violations violations;
    private final int maxCharacters;
    private long characters;

    Texts(Violations violations, int maxCharacters) {
        this.violations = violations;
        this.maxCharacters = maxCharacters;
    }

    void check(String text, String pointer) {
        long before = characters;
        characters += text.codePointCount(0, text.length());
        if (text.isBlank()) {
            violations.add("question-empty", pointer, "The text is empty. Write what you want to know.");
        } else if (before <= maxCharacters && characters > maxCharacters) {
            violations.add(
                    "question-too-long",
                    pointer,
                    "The texts have " + characters + " characters; the limit is " + maxCharacters + ". Shorten them.");
        } else if (!isStorable(text)) {
            violations.add(
                    "invalid-text", pointer, "The text holds a NUL character or half of a surrogate pair. Remove it.");
        }
    }

    /** Neither the database's JSON nor UTF-8 can hold NUL or unpaired surrogates. */
    static boolean isStorable(String text) {
        return text.codePoints()
                .noneMatch(
                        point -> point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE));
    }
}
