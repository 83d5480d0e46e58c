package dev.saccade.runtime.sampling;

import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.StructuredOutput;
import dev.saccade.runtime.text.Detokenizer;
import dev.saccade.runtime.text.StopAutomaton;
import dev.saccade.runtime.text.StopStrings;
import dev.saccade.runtime.text.SystemPrompts;
import dev.saccade.runtime.text.Tokenizer;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Checks what requests say about their answers, and makes what writes them. {@link #resolve} is safe for use by several
 * threads; what writes and measures shares scratch memory, so all of it belongs to one thread.
 *
 * <p>A constrained answer comes after a chain of thought where a system turn asks for one by showing {@code <think>}: then
 * the answer is {@code <think>\n}, free text up to {@code </think>}, {@code \n\n<answer>\n}, and the constrained text. Else it
 * is constrained from its first token. It ends with the constraint.
 */
public final class Samplers {

    private final SamplingRules rules;
    private final Tokenizer tokenizer;
    private final int vocabularySize;
    private final Set<Integer> eosTokenIds;
    private final ReasoningMarks marks;
    private final SamplerScratch scratch;
    private final Logprobs logprobs;
    private final Function<StructuredOutput, TokenConstraint> constraints;
    private final RecentlyUsed<List<String>, StopAutomaton> stops = new RecentlyUsed<>(StopAutomaton::new);
    private final RecentlyUsed<List<String>, List<int[]>> bannedTexts;
    private final RecentlyUsed<Set<Integer>, long[]> allowedIds;

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
        this(
                defaults,
                vocabularySize,
                contextTokens,
                eosTokenIds,
                tokenizer,
                new Constraints(tokenizer, vocabularySize, eosTokenIds));
    }

    /** @param constraints refuses what can't be constrained by an {@link InvalidRequestException} */
    Samplers(
            SamplingParameters defaults,
            int vocabularySize,
            int contextTokens,
            Set<Integer> eosTokenIds,
            Tokenizer tokenizer,
            Function<StructuredOutput, TokenConstraint> constraints) {
        this.rules = new SamplingRules(defaults, vocabularySize, contextTokens);
        this.tokenizer = tokenizer;
        this.vocabularySize = vocabularySize;
        this.eosTokenIds = Set.copyOf(eosTokenIds);
        this.marks = new ReasoningMarks(tokenizer);
        this.scratch = new SamplerScratch(vocabularySize);
        this.logprobs = new Logprobs(tokenizer, scratch);
        this.constraints = constraints;
        this.bannedTexts = new RecentlyUsed<>(texts -> BannedTexts.encode(texts, tokenizer));
        this.allowedIds = new RecentlyUsed<>(this::mask);
    }

    /**
     * The parameters in force for a request: see {@link SamplingRules#resolve}. What is costly to prepare, such as a
     * constraint, is prepared here.
     *
     * @throws InvalidRequestException for what can't be done, with the limit in its message
     */
    public SamplingParameters resolve(GenerationRequest request) {
        SamplingParameters resolved = rules.resolve(request.sampling());
        SamplingControls controls = controls(request, resolved);
        TokenConstraint constraint = controls.constraint();
        long[] allowed = controls.allowedIds();
        if (constraint != null && allowed != null && !meet(constraint.allowed(constraint.start()), allowed)) {
            throw new InvalidRequestException(
                    "invalid-allowed-token-ids",
                    "allowed_token_ids has no token that the structured output can begin with; leave one of them out.");
        }
        return resolved;
    }

    private static boolean meet(long[] one, long[] other) {
        for (int i = 0; i < Math.min(one.length, other.length); i++) {
            if ((one[i] & other[i]) != 0) {
                return true;
            }
        }
        return false;
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
        SamplingControls controls = controls(request, resolved);
        Sampler sampler = new Sampler(resolved, seed, completion, eosTokenIds, prompt, controls, scratch);
        return new AnswerWriter(
                resolved,
                sampler,
                new Detokenizer(tokenizer, resolved.skipSpecialTokens()),
                new StopStrings(stops.of(resolved.stop()), resolved.includeStop()),
                logprobs);
    }

    /** Measures the tokens of a prompt; null where the request doesn't ask for it. */
    public @Nullable PromptLogprobs promptLogprobs(SamplingParameters resolved, int[] prompt) {
        Integer top = resolved.promptLogprobs();
        return top == null ? null : new PromptLogprobs(logprobs, top, prompt);
    }

    private SamplingControls controls(GenerationRequest request, SamplingParameters resolved) {
        StructuredOutput output = resolved.structuredOutput();
        @Nullable TokenConstraint constraint = output == null ? null : constraints.apply(output);
        return new SamplingControls(
                resolved.allowedTokenIds().isEmpty() ? null : allowedIds.of(resolved.allowedTokenIds()),
                resolved.badWords().isEmpty() ? List.of() : bannedTexts.of(resolved.badWords()),
                constraint,
                SystemPrompts.askForReasoning(request.messages()),
                marks,
                tokenizer);
    }

    private long[] mask(Set<Integer> ids) {
        long[] mask = new long[Math.ceilDiv(vocabularySize, Long.SIZE)];
        ids.forEach(id -> mask[id / Long.SIZE] |= 1L << id % Long.SIZE);
        return mask;
    }
}
