package dev.saccade.quickstart.stack;

/** Is told how far the start is. Called from several threads. */
@FunctionalInterface
public interface StartListener {

    /** How many steps a whole start has. */
    int STEPS = Step.values().length;

    void done(Step step);

    /** What must be ready, in no particular order. */
    enum Step {
        DATABASE("database"),
        BROKER("message broker"),
        STORE("object store"),
        SERVICES("services");

        private final String title;

        Step(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }
}
