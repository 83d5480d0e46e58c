package dev.saccade.runtime.sampling;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.StructuredOutput;
import dev.saccade.runtime.constrain.Constraint;
import dev.saccade.runtime.constrain.ConstraintCompiler;
import dev.saccade.runtime.text.Tokenizer;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Compiled constraints of one model, as the sampler sees them. The vocabulary is prepared for the first request with one. */
final class Constraints implements Function<StructuredOutput, TokenConstraint> {

    private final Tokenizer tokenizer;
    private final int vocabularySize;
    private final Set<Integer> eosTokenIds;
    private @Nullable ConstraintCompiler compiler;

    Constraints(Tokenizer tokenizer, int vocabularySize, Set<Integer> eosTokenIds) {
        this.tokenizer = tokenizer;
        this.vocabularySize = vocabularySize;
        this.eosTokenIds = eosTokenIds;
    }

    /** @throws InvalidRequestException where it is malformed, unsupported, or beyond a limit, which the message names */
    @Override
    public TokenConstraint apply(StructuredOutput output) {
        return new Compiled(compiler().compile(output));
    }

    private synchronized ConstraintCompiler compiler() {
        if (compiler == null) {
            compiler = ConstraintCompiler.of(tokenizer, vocabularySize, eosTokenIds);
        }
        return compiler;
    }

    private record Compiled(Constraint constraint) implements TokenConstraint {

        @Override
        public int start() {
            return constraint.start();
        }

        @Override
        public int next(int state, int token) {
            return constraint.next(state, token);
        }

        @Override
        public long[] allowed(int state) {
            return constraint.allowed(state);
        }

        @Override
        public boolean mustEnd(int state) {
            return constraint.mustEnd(state);
        }
    }
}
