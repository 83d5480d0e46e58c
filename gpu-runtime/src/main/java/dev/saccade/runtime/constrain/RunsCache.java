package dev.saccade.runtime.constrain;

import java.util.LinkedHashMap;
import java.util.Map;

/** How the vocabulary runs through classes of characters, for the classes that were used last. */
final class RunsCache {

    private static final int CLASSES = 16;

    private final TokenTrie trie;
    private final int words;
    private final Map<CharacterClass, CharacterRuns> runs = new LinkedHashMap<>(32, 0.75f, true);

    RunsCache(TokenTrie trie, int words) {
        this.trie = trie;
        this.words = words;
    }

    synchronized CharacterRuns of(CharacterClass characters) {
        CharacterRuns known = runs.get(characters);
        if (known == null) {
            known = new CharacterRuns(characters, trie, words);
            runs.put(characters, known);
            if (runs.size() > CLASSES) {
                runs.remove(runs.keySet().iterator().next());
            }
        }
        return known;
    }
}
