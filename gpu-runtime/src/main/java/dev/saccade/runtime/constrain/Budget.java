package dev.saccade.runtime.constrain;

import dev.saccade.runtime.InvalidRequestException;

/** What compiling one constraint may cost, counted in steps and states rather than time, so that a refusal is repeatable. */
final class Budget {

    static final int NFA_STATES = 200_000;
    static final int DFA_STATES = 50_000;

    /** Entries of the transition table, two bytes each. */
    static final int TABLE_ENTRIES = 6_000_000;

    static final int STEPS = 40_000_000;

    /** Members of all sets of the subset construction, twice four bytes each. */
    static final int SET_MEMBERS = 5_000_000;

    private final String subject;
    private final String code;
    private long steps;
    private long setMembers;
    private int nfaStates;

    /**
     * @param subject as a sentence begins, e.g. "The regular expression"
     * @param code of the refusal, e.g. {@code regex-too-large}
     */
    Budget(String subject, String code) {
        this.subject = subject;
        this.code = code;
    }

    void steps(int count) {
        steps += count;
        if (steps > STEPS) {
            throw tooLarge(STEPS, "steps to compile");
        }
    }

    void setMembers(int count) {
        setMembers += count;
        if (setMembers > SET_MEMBERS) {
            throw tooLarge(SET_MEMBERS, "members of sets of states");
        }
    }

    void nfaState() {
        if (++nfaStates > NFA_STATES) {
            throw tooLarge(NFA_STATES, "states before it is made deterministic");
        }
    }

    void dfa(int states, int byteClasses) {
        if (states > DFA_STATES) {
            throw tooLarge(DFA_STATES, "states");
        }
        if ((long) states * byteClasses > TABLE_ENTRIES) {
            throw tooLarge(TABLE_ENTRIES, "transitions");
        }
    }

    private InvalidRequestException tooLarge(int limit, String what) {
        return new InvalidRequestException(
                code,
                "%s is too large: its automaton needs more than %,d %s; shorten it, or lower its counts and lengths."
                        .formatted(subject, limit, what));
    }
}
