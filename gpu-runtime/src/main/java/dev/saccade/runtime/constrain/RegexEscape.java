package dev.saccade.runtime.constrain;

/** What follows a backslash in a regular expression. */
final class RegexEscape {

    private static final CodePoints DIGITS = CodePoints.of('0', '9');
    private static final CodePoints WORD = CodePoints.of('0', '9', 'A', 'Z', 'a', 'z', '_', '_');
    private static final CodePoints SPACE = CodePoints.anyOf(" \t\n\u000b\f\r");

    /** More than the complement of the ASCII spaces leaves out, so that what we generate suits every dialect. */
    private static final CodePoints UNICODE_SPACE = SPACE.union(CodePoints.of(
            0x1c, 0x1f, 0x85, 0x85, 0xa0, 0xa0, 0x1680, 0x1680, 0x180e, 0x180e, 0x2000, 0x200b, 0x2028, 0x2029, 0x202f,
            0x202f, 0x205f, 0x205f, 0x3000, 0x3000, 0xfeff, 0xfeff));

    private RegexEscape() {}

    /**
     * The characters that an escape stands for; its backslash is already taken.
     *
     * @param inClass whether it stands in brackets, where {@code \b} is a backspace
     */
    static CodePoints parse(RegexScanner in, boolean inClass) {
        int c = in.next();
        return switch (c) {
            case 'd' -> DIGITS;
            case 'D' -> DIGITS.complement();
            case 'w' -> WORD;
            case 'W' -> WORD.complement();
            case 's' -> SPACE;
            case 'S' -> UNICODE_SPACE.complement();
            case 't' -> one('\t');
            case 'n' -> one('\n');
            case 'r' -> one('\r');
            case 'f' -> one('\f');
            case 'v' -> one(0x0b);
            case 'x' -> one(in.hexadecimal(2));
            case 'u' -> one(unicode(in));
            case 'b' -> {
                if (!inClass) {
                    throw in.invalid("the word boundary \\b is not supported");
                }
                yield one('\b');
            }
            default -> other(in, c);
        };
    }

    private static CodePoints other(RegexScanner in, int c) {
        if (c == '0') {
            throw in.invalid("octal escapes and \\0 are not supported; write \\x00");
        }
        if (c >= '1' && c <= '9') {
            throw in.invalid("backreferences such as \\" + (char) c + " are not supported");
        }
        if (c == 'k') {
            throw in.invalid("backreferences such as \\k<name> are not supported");
        }
        if (c == 'p' || c == 'P') {
            throw in.invalid("Unicode properties \\p{...} are not supported; write the ranges");
        }
        if (c == 'A' || c == 'Z' || c == 'z' || c == 'G' || c == 'B') {
            throw in.invalid("the anchor \\" + (char) c + " is not supported");
        }
        if (c < 0x80 && Character.isLetter(c)) {
            throw in.invalid("the escape \\" + (char) c + " is not supported");
        }
        return one(c);
    }

    private static CodePoints one(int codePoint) {
        return CodePoints.of(codePoint, codePoint);
    }

    private static int unicode(RegexScanner in) {
        if (in.skip('{')) {
            int value = 0;
            while (!in.skip('}')) {
                value = 16 * value + in.hexadecimal(1);
                if (value > Character.MAX_CODE_POINT) {
                    throw in.invalid("\\u{...} names no character");
                }
            }
            return checked(in, value);
        }
        int first = in.hexadecimal(4);
        if (!Character.isHighSurrogate((char) first)) {
            return checked(in, first);
        }
        if (!in.skip('\\') || !in.skip('u')) {
            throw in.invalid("half a surrogate pair is no character");
        }
        int second = in.hexadecimal(4);
        return Character.isLowSurrogate((char) second)
                ? Character.toCodePoint((char) first, (char) second)
                : checked(in, Character.MIN_SURROGATE);
    }

    private static int checked(RegexScanner in, int value) {
        if (value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE) {
            throw in.invalid("half a surrogate pair is no character");
        }
        return value;
    }
}
