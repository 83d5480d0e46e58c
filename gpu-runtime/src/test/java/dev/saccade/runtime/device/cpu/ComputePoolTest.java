package dev.saccade.runtime.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.saccade.runtime.Precision;
import dev.saccade.runtime.checkpoint.DType;
import dev.saccade.runtime.checkpoint.Tensor;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.Matrix;
import dev.saccade.runtime.device.RowKinds;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComputePoolTest {

    private static final long MUCH_WORK = 1_000_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void everyItemRunsOnceInEveryLoop(int threads) {
        try (ComputePool pool = new ComputePool(threads)) {
            for (int round = 0; round < 2_000; round++) {
                AtomicIntegerArray seen = new AtomicIntegerArray(1 + round % 37);
                pool.loop(seen.length(), round % 3 == 0 ? MUCH_WORK : 30_000, (worker, from, to) -> {
                    assertThat(worker).isBetween(0, threads - 1);
                    for (int i = from; i < to; i++) {
                        seen.incrementAndGet(i);
                    }
                });
                for (int i = 0; i < seen.length(); i++) {
                    assertThat(seen.get(i)).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void aLoopIsDoneWhenItReturns() {
        try (ComputePool pool = new ComputePool(4)) {
            long[] sums = new long[64];
            for (int round = 1; round <= 5_000; round++) {
                pool.loop(sums.length, MUCH_WORK, (worker, from, to) -> {
                    for (int i = from; i < to; i++) {
                        sums[i]++;
                    }
                });
                assertThat(sums).containsOnly(round);
            }
        }
    }

    @Test
    void aFailureReachesTheCallerAndTheRestIsStillRun() {
        try (ComputePool pool = new ComputePool(3)) {
            AtomicLong run = new AtomicLong();
            assertThatThrownBy(() -> pool.loop(50, MUCH_WORK, (worker, from, to) -> {
                        run.addAndGet(to - from);
                        throw new IllegalArgumentException("share " + from);
                    }))
                    .hasRootCauseInstanceOf(IllegalArgumentException.class);
            assertThat(run).hasValue(50);
            pool.loop(50, MUCH_WORK, (worker, from, to) -> run.addAndGet(to - from));
            assertThat(run).hasValue(100);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 8, 16})
    void aProductAllocatesNothing(int rows) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (CpuDevice device = new CpuDevice(Precision.BFLOAT16, 2)) {
            int size = 640;
            Tensor zeros = new Tensor(
                    "zeros", DType.BF16, new int[] {size, size}, MemorySegment.ofArray(new byte[2 * size * size]));
            Matrix weights = device.matrix(List.of(zeros));
            DeviceBuffer x = device.allocate(rows * size);
            DeviceBuffer bias = device.allocate(size);
            DeviceBuffer out = device.allocate(rows * size);
            RowKinds answers = RowKinds.ofAnswers(rows);
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 1_000 && least > 0; round++) { // until the compiler has taken the kernels up
                long own = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 20; i++) {
                    device.linear(x, answers, weights, bias, out);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - own);
            }
            assertThat(least).isZero();
        }
    }
}
