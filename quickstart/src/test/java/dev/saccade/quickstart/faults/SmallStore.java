package dev.saccade.quickstart.faults;

import dev.saccade.quickstart.embedded.DataFolder;
import dev.saccade.quickstart.embedded.EmbeddedStore;
import java.nio.file.Path;

/** The embedded store alone, to be run where files can't grow. Arguments: data folder, secret key. Prints its port. */
final class SmallStore {

    private SmallStore() {}

    public static void main(String[] arguments) throws Exception {
        EmbeddedStore store = EmbeddedStore.start(DataFolder.open(Path.of(arguments[0])), arguments[1]);
        System.out.println("port " + store.endpoint().getPort());
    }
}
