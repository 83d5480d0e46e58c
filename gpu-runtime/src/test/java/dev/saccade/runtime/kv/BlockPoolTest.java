package dev.saccade.runtime.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockPoolTest {

    @Test
    void tokensAreRoundedUpToWholeBlocks() {
        assertThat(BlockPool.blocksFor(1)).isEqualTo(1);
        assertThat(BlockPool.blocksFor(16)).isEqualTo(1);
        assertThat(BlockPool.blocksFor(17)).isEqualTo(2);
    }

    @Test
    void aTableMapsTokensToSlotsOfItsBlocks() {
        BlockTable table = new BlockTable(new int[] {5, 2});

        assertThat(table.slot(0)).isEqualTo(80);
        assertThat(table.slot(15)).isEqualTo(95);
        assertThat(table.slot(16)).isEqualTo(32);
    }

    @Test
    void tooManyBlocksAreRefusedAndNothingIsLost() {
        BlockPool pool = new BlockPool(4);
        pool.allocate(3);

        assertThatThrownBy(() -> pool.allocate(2)).hasMessageContaining("1 are free");
        assertThat(pool.free()).isEqualTo(1);
    }

    @Test
    void aFreeBlockCannotBeReleasedOrShared() {
        BlockPool pool = new BlockPool(4);
        BlockTable table = pool.allocate(2);
        pool.release(table);

        assertThatThrownBy(() -> pool.release(table)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pool.retain(table)).isInstanceOf(IllegalStateException.class);
    }

    /** Random allocation, sharing and release against a plain map of holders. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void blocksHaveExactlyTheirHolders(long seed) {
        Random random = new Random(seed);
        BlockPool pool = new BlockPool(50);
        List<BlockTable> held = new ArrayList<>();
        for (int step = 0; step < 2_000; step++) {
            int choice = random.nextInt(3);
            int wanted = random.nextInt(9);
            if (choice == 0 && wanted <= pool.free()) {
                held.add(pool.allocate(wanted));
            } else if (choice == 1 && !held.isEmpty() && held.size() < 40) {
                BlockTable shared = held.get(random.nextInt(held.size()));
                pool.retain(shared);
                held.add(shared);
            } else if (!held.isEmpty()) {
                pool.release(held.remove(random.nextInt(held.size())));
            }
            assertThat(pool.free()).isEqualTo(50 - holders(held).size());
        }
        held.forEach(pool::release);
        assertThat(pool.allocate(50).blocks()).doesNotHaveDuplicates().hasSize(50);
    }

    @SuppressWarnings("ReferenceEquality") // the same table, not one with the same blocks
    private static Map<Integer, BlockTable> holders(List<BlockTable> held) {
        Map<Integer, BlockTable> holders = new HashMap<>();
        for (BlockTable table : held) {
            for (int block : table.blocks()) {
                BlockTable other = holders.putIfAbsent(block, table);
                assertThat(other == null || other == table)
                        .as("block %d belongs to one table", block)
                        .isTrue();
            }
        }
        return holders;
    }
}
