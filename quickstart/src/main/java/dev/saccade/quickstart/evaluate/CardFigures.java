package dev.saccade.quickstart.evaluate;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The accuracy that the model card of Cosmos-Reason1-7B gives for the data sets of its benchmark, in percent. */
enum CardFigures {
    ROBOVQA("RoboVQA", 87.3, 110, List.of("robovqa")),
    AV("AV", 70.8, 100, List.of("av")),
    BRIDGE("BridgeDataV2", 63.7, 100, List.of("bridgedatav2", "bridgev2", "bridge")),
    AGIBOT("Agibot", 48.9, 100, List.of("agibot")),
    HOLOASSIST("HoloAssist", 62.7, 100, List.of("holoassist")),
    ROBOFAIL("RoboFail", 57.2, 100, List.of("robofail"));

    /** The mean of the six, as the card has it. */
    static final double AVERAGE = 65.1;

    private final String title;
    private final double percent;
    private final int questions;
    private final List<String> names;

    CardFigures(String title, double percent, int questions, List<String> names) {
        this.title = title;
        this.percent = percent;
        this.questions = questions;
        this.names = names;
    }

    /** What the card says about one data set. */
    record Published(String name, double percent, int questions) {}

    /** Of the data set of this name, however it is spelt. */
    static Optional<Published> of(String dataset) {
        return figure(dataset).map(figure -> new Published(figure.title, figure.percent, figure.questions));
    }

    /** Whether all six are there, so that their mean can stand beside the card's. */
    static boolean areComplete(Collection<String> datasets) {
        Set<CardFigures> found = new HashSet<>();
        datasets.forEach(dataset -> figure(dataset).ifPresent(found::add));
        return found.size() == values().length && datasets.size() == found.size();
    }

    private static Optional<CardFigures> figure(String dataset) {
        String plain = dataset.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        for (CardFigures figure : values()) {
            if (figure.names.contains(plain)) {
                return Optional.of(figure);
            }
        }
        return Optional.empty();
    }
}
