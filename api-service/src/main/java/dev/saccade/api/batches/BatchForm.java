package dev.saccade.api.batches;

import dev.saccade.api.jobs.JobSubmission;
import tools.jackson.databind.node.ObjectNode;

/** How a line's object says what job it asks for, where it doesn't say so as {@code POST /v1/batches} has it. */
@FunctionalInterface
public interface BatchForm {

    /**
     * The job, whose priority is the batch's where it gives none.
     *
     * @param line with a good {@code custom_id}
     * @throws dev.saccade.api.problems.ProblemException with pointers into the line's {@code body}
     */
    JobSubmission job(ObjectNode line);
}
