package dev.saccade.runtime.schedule;

/** What has happened since the engine was opened. Engine thread only; others see copies of it. */
final class Counters {
    long steps;
    long preemptions;
    long promptTokens; // of prompts that were read to their end
    long cachedTokens; // of those, the ones found in the cache
    long generatedTokens;
    long guessedTokens;
    long acceptedTokens;
    long readTokens; // rows that went through the model as prompt, or to be read again
    int stepTokens; // rows of the last step
    long planningNanos;
    long deviceNanos;
    long samplingNanos;
}
