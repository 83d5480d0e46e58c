package dev.saccade.quickstart.stack;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.embedded.Durability;
import dev.saccade.runtime.Precision;
import dev.saccade.worker.engine.InferenceEngine;
import java.nio.file.Path;
import java.util.Map;
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
 * @param engine what the worker runs in place of the model; null for the model
 * @param settings Spring properties over the quickstart's own
 * @param database PostgreSQL's settings over the quickstart's own, by name
 */
public record QuickstartOptions(
        Path data,
        Durability durability,
        int port,
        Path model,
        Precision precision,
        @Nullable BrokerAddress rabbitmq,
        boolean worker,
        @Nullable InferenceEngine engine,
        Map<String, Object> settings,
        Map<String, String> database) {

    /** On a folder that stays. */
    public static QuickstartOptions keep(Path data, ModelOptions model) {
        return of(data, Durability.KEEP, model);
    }

    /** On a folder that the caller deletes at the end. */
    public static QuickstartOptions throwaway(Path data, ModelOptions model) {
        return of(data, Durability.THROWAWAY, model);
    }

    private static QuickstartOptions of(Path data, Durability durability, ModelOptions model) {
        return new QuickstartOptions(
                data, durability, 0, model.folder(), model.precision(), null, true, null, Map.of(), Map.of());
    }

    public QuickstartOptions withPort(int port) {
        return new QuickstartOptions(
                data, durability, port, model, precision, rabbitmq, worker, engine, settings, database);
    }

    public QuickstartOptions withoutWorker() {
        return new QuickstartOptions(
                data, durability, port, model, precision, rabbitmq, false, engine, settings, database);
    }

    public QuickstartOptions withRabbitmq(BrokerAddress address) {
        return new QuickstartOptions(
                data, durability, port, model, precision, address, worker, engine, settings, database);
    }

    public QuickstartOptions withEngine(InferenceEngine other) {
        return new QuickstartOptions(
                data, durability, port, model, precision, rabbitmq, worker, other, settings, database);
    }

    public QuickstartOptions withSettings(Map<String, Object> others) {
        return new QuickstartOptions(
                data, durability, port, model, precision, rabbitmq, worker, engine, others, database);
    }

    public QuickstartOptions withDatabase(Map<String, String> others) {
        return new QuickstartOptions(
                data, durability, port, model, precision, rabbitmq, worker, engine, settings, others);
    }
}
