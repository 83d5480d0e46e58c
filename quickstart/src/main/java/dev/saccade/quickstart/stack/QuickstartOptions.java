package dev.saccade.quickstart.stack;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.embedded.Durability;
import dev.saccade.runtime.Precision;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a quickstart is set up.
 *
 * @param data the folder that holds everything
 * @param durability whether the data must outlive a crash of the machine
 * @param port the API's port on the loopback address; 0 takes any free one
 * @param model the checkpoint folder
 * @param precision how the model's weights are kept
 * @param rabbitmq a broker to use in place of the embedded one
 * @param worker whether a worker runs in this JVM; without one, jobs wait for a worker elsewhere
 */
public record QuickstartOptions(
        Path data,
        Durability durability,
        int port,
        Path model,
        Precision precision,
        @Nullable BrokerAddress rabbitmq,
        boolean worker) {

    /** On a folder that stays. */
    public static QuickstartOptions keep(Path data, ModelOptions model) {
        return new QuickstartOptions(data, Durability.KEEP, 0, model.folder(), model.precision(), null, true);
    }

    /** On a folder that the caller deletes at the end. */
    public static QuickstartOptions throwaway(Path data, ModelOptions model) {
        return new QuickstartOptions(data, Durability.THROWAWAY, 0, model.folder(), model.precision(), null, true);
    }

    public QuickstartOptions withPort(int port) {
        return new QuickstartOptions(data, durability, port, model, precision, rabbitmq, worker);
    }

    public QuickstartOptions withoutWorker() {
        return new QuickstartOptions(data, durability, port, model, precision, rabbitmq, false);
    }

    public QuickstartOptions withRabbitmq(BrokerAddress address) {
        return new QuickstartOptions(data, durability, port, model, precision, address, worker);
    }
}
