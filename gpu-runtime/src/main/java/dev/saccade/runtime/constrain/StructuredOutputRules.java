package dev.saccade.runtime.constrain;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.StructuredOutput;
import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;

/** Checks structured output without a model, for those who take requests in before an engine sees them. */
public final class StructuredOutputRules {

    /** One at a time, so that the memory of compiling is bounded. */
    private static final ReentrantLock COMPILING = new ReentrantLock();

    private StructuredOutputRules() {}

    /**
     * Compiles what is asked for, for a vocabulary that can write every byte, and drops it.
     *
     * @throws InvalidRequestException where it is malformed, unsupported, or beyond a limit, which the message names
     */
    public static void check(StructuredOutput output) {
        BitSet everyByte = new BitSet();
        everyByte.set(0, 256);
        COMPILING.lock();
        try {
            ConstraintCompiler.automaton(output, everyByte);
        } finally {
            COMPILING.unlock();
        }
    }
}
