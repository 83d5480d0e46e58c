package dev.saccade.quickstart.evaluate;

/**
 * Something in a benchmark that can't be asked as it stands.
 *
 * @param file relative to the benchmark's folder
 * @param line from 1
 * @param message a sentence that says what to mend
 */
record Problem(String file, int line, String message) {

    @Override
    public String toString() {
        return file + ":" + line + ": " + message;
    }
}
