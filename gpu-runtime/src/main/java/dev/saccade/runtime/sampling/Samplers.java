package dev.saccade.runtime.sampling;

import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.text.Detokenizer;
import dev.saccade.runtime.text.StopStrings;
import dev.saccade.runtime.text.Tokenizer;
import java.util.Set;

/**
 * Checks what requests say about their answers, and makes what writes them. {@link #resolve} is safe for use by several
 * threads; writers share scratch memory, so all of them belong to one thread.
 */
public final class Samplers {

    private final SamplingRules rules;
    private final Tokenizer tokenizer;
    private final Set<Integer> eosTokenIds;
    private final SamplerScratch scratch;

    /**
     * Samplers of one model.
     *
     * @param defaults the model's own parameters
     * @param vocabularySize logits of a row
     * @param contextTokens longest prompt and answer together
     * @param eosTokenIds the model's end-of-turn tokens
     */
    public Samplers(
            SamplingParameters defaults,
            int vocabularySize,
            int contextTokens,
            Set<Integer> eosTokenIds,
            Tokenizer tokenizer) {
        this.rules = new SamplingRules(defaults, vocabularySize, contextTokens);
        this.tokenizer = tokenizer;
        this.eosTokenIds = Set.copyOf(eosTokenIds);
        this.scratch = new SamplerScratch(vocabularySize);
    }

    /**
     * The parameters in force for a request: see {@link SamplingRules#resolve}.
     *
     * @throws InvalidRequestException for what can't be done, with the limit in its message
     */
    public SamplingParameters resolve(GenerationRequest request) {
        return rules.resolve(request.sampling());
    }

    /**
     * A writer at the first token of an answer.
     *
     * @param request whose answer it is
     * @param resolved the parameters in force, by {@link #resolve}
     * @param completion number of the answer among the request's, from 0
     * @param prompt token ids of the prompt
     */
    public AnswerWriter writer(
            GenerationRequest request, SamplingParameters resolved, long seed, int completion, int[] prompt) {
        Sampler sampler = new Sampler(resolved, seed, completion, eosTokenIds, prompt, scratch);
        return new AnswerWriter(sampler, new Detokenizer(tokenizer), new StopStrings(resolved.stop()));
    }
}
