package dev.saccade.api.problems;

import org.springframework.http.HttpStatus;

/** A problem's title: the reason phrase of its HTTP status. */
final class StatusTitle {

    private StatusTitle() {}

    static String of(int status) {
        HttpStatus known = HttpStatus.resolve(status);
        return known == null ? "Error" : known.getReasonPhrase();
    }
}
