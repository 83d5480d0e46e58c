package dev.saccade.runtime.constrain;

/** A class of characters in brackets. */
final class RegexClass {

    private RegexClass() {}

    /** The set up to and with the closing bracket; the opening one is already taken. */
    static CodePoints parse(RegexScanner in) {
        boolean negated = in.skip('^');
        if (!in.atEnd() && in.peek() == ']') {
            // dialects disagree: nothing, or the bracket itself
            throw in.invalid("a class is empty; write \\] for the bracket itself");
        }
        IntList ranges = new IntList();
        CodePoints sets = CodePoints.NONE;
        while (!in.skip(']')) {
            CodePoints item = item(in);
            if (!in.skip('-')) {
                sets = item.size() == 1 ? add(ranges, sets, item, item) : sets.union(item);
            } else if (!in.atEnd() && in.peek() == ']') {
                ranges.add('-');
                ranges.add('-');
                sets = sets.union(item);
            } else {
                sets = add(ranges, sets, item, ended(in, item, item(in)));
            }
        }
        CodePoints all = sets.union(CodePoints.of(ranges.toArray()));
        return negated ? all.complement() : all;
    }

    private static CodePoints item(RegexScanner in) {
        int c = in.next();
        if (c == '\\') {
            return RegexEscape.parse(in, true);
        }
        if (c == '[' && !in.atEnd() && (in.peek() == ':' || in.peek() == '.' || in.peek() == '=')) {
            throw in.invalid("POSIX classes such as [:alpha:] are not supported");
        }
        return CodePoints.of(c, c);
    }

    private static CodePoints ended(RegexScanner in, CodePoints first, CodePoints last) {
        if (first.size() != 1 || last.size() != 1) {
            throw in.invalid("a range in a class needs one character on each side; write \\- for the hyphen");
        }
        if (first.lowest() > last.lowest()) {
            throw in.invalid("a range in a class runs backwards");
        }
        return last;
    }

    private static CodePoints add(IntList ranges, CodePoints sets, CodePoints first, CodePoints last) {
        ranges.add(first.lowest());
        ranges.add(last.lowest());
        return sets;
    }
}
