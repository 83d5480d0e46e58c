package dev.saccade.quickstart.runs;

import java.io.IOException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Answers questions, wherever that is done. */
public interface Runner extends AutoCloseable {

    /**
     * Asks all of them. What is wrong with one question or its clip is an outcome with an error, and the others go on.
     *
     * @param journal remembers what the runner needs to go on; outcomes are the caller's to keep
     * @param sink is told each question's outcome once, in any order, by the calling thread
     * @throws StoppedException where the user wants to stop before all are answered
     */
    void run(List<Question> questions, Journal journal, RunBar bar, Sink sink) throws IOException;

    /** Takes outcomes. */
    interface Sink {
        void accept(Outcome outcome) throws IOException;
    }

    /** What answers: two runs that differ here can't be one. */
    ObjectNode settings();

    @Override
    void close();
}
