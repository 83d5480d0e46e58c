package dev.saccade.quickstart.runs;

import dev.saccade.quickstart.cli.UserError;
import dev.saccade.quickstart.client.ApiException;
import dev.saccade.quickstart.stack.StopSignal;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;

/** Calls of a service that may be busy, or away for a while. */
final class ServiceCalls {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 15_000;

    /** Too many requests, a full queue, a part that is away or full, a gateway with nothing behind it. */
    private static final Set<Integer> TEMPORARY = Set.of(408, 429, 500, 502, 503, 504, 507);

    private static final String IN_USE = "idempotency-key-in-use";

    private final URI service;
    private final StopSignal stop;

    ServiceCalls(URI service, StopSignal stop) {
        this.service = service;
        this.stop = stop;
    }

    /** A call that may be made again. */
    interface Call<T> {
        T make() throws IOException;
    }

    /** @throws UserError where nothing answers, or this is refused */
    <T> T once(Call<T> call) {
        try {
            return call.make();
        } catch (ApiException refused) {
            throw refusal(refused);
        } catch (IOException unreachable) {
            throw new UserError(
                    "nothing answers at " + service + ": check the address, and that the service runs", unreachable);
        }
    }

    /**
     * Makes the call again while the service is busy or away.
     *
     * @throws ApiException where it is refused for good
     * @throws UserError where the service stays away, or refuses the key
     */
    <T> T patiently(Call<T> call) {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        long wait = FIRST_PAUSE_MILLIS;
        while (true) {
            Exception failure;
            try {
                return call.make();
            } catch (ApiException refused) {
                if (refused.status() == 401 || refused.status() == 403) {
                    throw refusal(refused);
                }
                if (!TEMPORARY.contains(refused.status()) && !refused.code().equals(IN_USE)) {
                    throw refused;
                }
                failure = refused;
            } catch (IOException broken) {
                failure = broken;
            }
            if (System.nanoTime() > giveUp) {
                throw new UserError(
                        "the service at " + service + " takes nothing any more (" + failure.getMessage()
                                + "). What is done is kept: run the same command again",
                        failure);
            }
            pause(wait);
            wait = Math.min(LONGEST_PAUSE_MILLIS, wait * 2);
        }
    }

    private UserError refusal(ApiException refused) {
        return new UserError(
                "the service at " + service + " answers " + refused.status() + ": " + refused.getMessage(), refused);
    }

    /** @throws StoppedException where the user wants to stop meanwhile */
    void pause(long millis) {
        try {
            if (stop.await(millis)) {
                throw new StoppedException();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
    }

    /** @throws StoppedException where the user wants to stop */
    void checkStop() {
        if (stop.isRequested()) {
            throw new StoppedException();
        }
    }
}
