package dev.saccade.worker.jobs;

/** Why a running job is stopped before its end. The first reason stays. */
enum Halt {
    /** The client wants no answer any more. */
    CANCEL_REQUESTED,
    /** Its finish_by has passed. */
    FINISH_BY_PASSED,
    /** Another worker may own the job: write nothing. */
    LEASE_LOST,
    /** This worker stops; another goes on. */
    DRAIN
}
