package dev.saccade.runtime.schedule;

import dev.saccade.runtime.EngineStatus;
import dev.saccade.runtime.kv.BlockPool;

/** What has happened since the engine was opened. Engine thread only; others see copies of it. */
final class Counters {
    long steps;
    long preemptions;
    long promptTokens; // of prompts that were read to their end
    long queriedTokens; // of those, the ones looked for in the cache
    long cachedTokens; // of those, the ones found there
    long generatedTokens;
    long guessedTokens;
    long acceptedTokens;
    long readTokens; // rows that went through the model as prompt, or to be read again
    int stepTokens; // rows of the last step
    long planningNanos;
    long deviceNanos;
    long samplingNanos;

    EngineStatus status(Scheduler scheduler, BlockPool pool, int preparing) {
        WaitingQueue waiting = scheduler.waiting();
        return new EngineStatus(
                scheduler.batch().size(),
                new EngineStatus.Waiting(preparing, waiting.size() - waiting.preempted(), waiting.preempted()),
                new EngineStatus.Blocks(pool.blocks() - pool.available(), pool.idle(), pool.free()),
                new EngineStatus.Tokens(
                        promptTokens,
                        queriedTokens,
                        cachedTokens,
                        generatedTokens,
                        guessedTokens,
                        acceptedTokens,
                        readTokens),
                new EngineStatus.Steps(steps, stepTokens, planningNanos, deviceNanos, samplingNanos),
                preemptions);
    }
}
