package dev.saccade.runtime.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockPoolTest {

    private final BlockPool pool = new BlockPool(4);

    @Test
    void tokensAreRoundedUpToWholeBlocks() {
        assertThat(BlockPool.blocksFor(1)).isEqualTo(1);
        assertThat(BlockPool.blocksFor(16)).isEqualTo(1);
        assertThat(BlockPool.blocksFor(17)).isEqualTo(2);
    }

    @Test
    void aTableMapsTokensToSlotsOfItsBlocks() {
        BlockTable table = new BlockTable();
        table.add(5);
        table.add(2);

        assertThat(table.slot(0)).isEqualTo(80);
        assertThat(table.slot(15)).isEqualTo(95);
        assertThat(table.slot(16)).isEqualTo(32);
    }

    @Test
    void tooManyBlocksAreRefusedAndNothingIsLost() {
        BlockTable table = holding(40);

        assertThat(pool.grow(table, 80)).isFalse();
        assertThat(table.size()).isEqualTo(3);
        assertThat(pool.available()).isEqualTo(1);
    }

    @Test
    void aSharedBlockReturnsWithItsLastHolder() {
        BlockTable first = holding(32);
        BlockTable second = new BlockTable();
        pool.share(first, 1, second);

        assertThat(pool.heldAlone(first)).isEqualTo(1);
        pool.release(first);
        assertThat(pool.available()).isEqualTo(3);
        pool.release(second);
        assertThat(pool.available()).isEqualTo(4);
        assertThat(pool.free()).isEqualTo(4);
    }

    @Test
    void whatIsKnownOutlivesItsHolderAndServesTheNext() {
        BlockTable first = holding(32);
        int block = first.block(0);
        pool.index(block, key(1));
        pool.release(first);

        BlockTable second = new BlockTable();
        assertThat(pool.idle()).isEqualTo(1);
        assertThat(pool.adopt(key(2), second)).isFalse();
        assertThat(pool.adopt(key(1), second)).isTrue();
        assertThat(second.block(0)).isEqualTo(block);
        assertThat(pool.idle()).isZero();
        assertThat(pool.available()).isEqualTo(3);
    }

    @Test
    void theBlockThatWasIdleForLongestIsGivenOutFirst() {
        BlockTable first = holding(48);
        for (int i = 0; i < 3; i++) {
            pool.index(first.block(i), key(i));
        }
        pool.release(first);

        holding(32); // takes the free one, and the end of the released table

        assertThat(pool.adopt(key(2), new BlockTable())).isFalse();
        assertThat(pool.adopt(key(1), new BlockTable())).isTrue();
        assertThat(pool.adopt(key(0), new BlockTable())).isTrue();
    }

    @Test
    void ofTwoBlocksWithTheSameContentOneIsKnown() {
        BlockTable first = holding(16);
        BlockTable second = holding(16);
        pool.index(first.block(0), key(1));
        pool.index(second.block(0), key(1));

        pool.release(second);

        assertThat(pool.idle()).isZero();
        assertThat(pool.free()).isEqualTo(3);
    }

    @Test
    void aTableThatIsReleasedTwiceReleasesNothingTwice() {
        BlockTable first = holding(16);
        BlockTable stale = new BlockTable();
        stale.add(first.block(0));
        pool.release(first);

        assertThatThrownBy(() -> pool.release(stale)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pool.share(stale, 1, first)).isInstanceOf(IllegalStateException.class);
    }

    /** Random growth, sharing, indexing, adoption and release against plain maps. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyBlockIsFreeIdleOrHeldAndKeepsItsContent(long seed) {
        Random random = new Random(seed);
        BlockPool large = new BlockPool(50);
        List<BlockTable> held = new ArrayList<>();
        Map<BlockKey, Integer> known = new HashMap<>();
        for (int step = 0; step < 5_000; step++) {
            BlockTable one = held.isEmpty() ? null : held.get(random.nextInt(held.size()));
            switch (random.nextInt(5)) {
                case 0 -> {
                    BlockTable fresh = new BlockTable();
                    boolean fits = 64 <= 16 * large.available();
                    assertThat(large.grow(fresh, 64)).isEqualTo(fits);
                    known.values().removeAll(blocks(List.of(fresh))); // given out anew: the old content is gone
                    held.add(fresh);
                }
                case 1 -> {
                    if (one != null && held.size() < 40) {
                        BlockTable shared = new BlockTable();
                        large.share(one, one.size() / 2, shared);
                        held.add(shared);
                    }
                }
                case 2 -> {
                    BlockKey key = key(random.nextInt(200));
                    if (one != null && one.size() > 0 && !known.containsKey(key)) {
                        int block = one.block(random.nextInt(one.size()));
                        if (!known.containsValue(block)) {
                            large.index(block, key);
                            known.put(key, block);
                        }
                    }
                }
                case 3 -> {
                    BlockKey key = key(random.nextInt(200));
                    BlockTable adopting = new BlockTable();
                    assertThat(large.adopt(key, adopting)).isEqualTo(known.containsKey(key));
                    if (adopting.size() > 0) {
                        assertThat(adopting.block(0)).isEqualTo(known.get(key));
                        held.add(adopting);
                    }
                }
                default -> {
                    if (one != null) {
                        large.release(one);
                        held.remove(one);
                    }
                }
            }
            assertThat(large.available()).isEqualTo(50 - blocks(held).size());
            assertThat(large.idle())
                    .isEqualTo(known.values().stream()
                            .filter(block -> !blocks(held).contains(block))
                            .count());
        }
        held.forEach(large::release);
        BlockTable all = new BlockTable();
        assertThat(large.grow(all, 800)).isTrue();
        assertThat(blocks(List.of(all))).hasSize(50);
    }

    private BlockTable holding(int tokens) {
        BlockTable table = new BlockTable();
        assertThat(pool.grow(table, tokens)).isTrue();
        return table;
    }

    private static BlockKey key(int number) {
        return new BlockKey(number, 0, 0, 0);
    }

    private static Set<Integer> blocks(List<BlockTable> tables) {
        Set<Integer> blocks = new HashSet<>();
        for (BlockTable table : tables) {
            for (int i = 0; i < table.size(); i++) {
                blocks.add(table.block(i));
            }
        }
        return blocks;
    }
}
