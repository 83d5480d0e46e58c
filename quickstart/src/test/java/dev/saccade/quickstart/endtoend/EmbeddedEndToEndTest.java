package dev.saccade.quickstart.endtoend;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.stack.QuickstartOptions;
import dev.saccade.quickstart.stack.RunningStack;

/** The whole path on the embedded parts. */
class EmbeddedEndToEndTest extends EndToEndContract {

    @Override
    RunningStack start() throws Exception {
        return RunningStack.start(QuickstartOptions.throwaway(Fixtures.emptyFolder("embedded"), new ModelOptions()));
    }
}
