package dev.saccade.runtime.device.cuda;

import static dev.saccade.runtime.device.cuda.CudaDriver.pointer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.DeviceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUmoduleLoadingMode;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The emulated libcuda.so.1 refuses what the real one refuses. */
class EmulatedDriverTest {

    private static final int THREADS = 64;

    private ProofKernels proofs;

    @BeforeEach
    void open() {
        proofs = new ProofKernels();
    }

    @AfterEach
    void close() {
        proofs.close();
    }

    @Test
    void memoryEndsWhereItIsSaidTo() {
        Emulator.setMemory(1 << 20);
        long most = proofs.context().freeBytes();

        assertThatThrownBy(() -> proofs.context().allocate(most + 1, "too much"))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("CUDA_ERROR_OUT_OF_MEMORY")
                .hasMessageContaining("too much");
        long all = proofs.context().allocate(most, "everything");
        assertThat(proofs.context().freeBytes()).isZero();

        proofs.context().free(all);
        long again = proofs.context().allocate(most, "everything again");
        proofs.context().free(again);
        proofs.context().synchronize();
        assertThat(proofs.context().freeBytes()).isEqualTo(most);
    }

    @Test
    void everyCallFailsAfterAKernelHas() {
        long from = proofs.upload(new float[THREADS]);
        assertThatThrownBy(() -> launch(from, 0L)).hasMessageContaining("reverse_block");

        assertThat(Emulator.failure())
                .startsWith("reverse_block, block (0, 0, 0), thread ")
                .contains(": writes 4 bytes outside of any allocation, at 0");
        assertThatThrownBy(() -> proofs.context().synchronize()).hasMessageContaining("700");
        assertThatThrownBy(() -> proofs.context().allocate(16, "more")).hasMessageContaining("700");
        assertThat(JCudaDriver.cuMemcpyDtoH(Pointer.to(new float[1]), pointer(from), 4))
                .isEqualTo(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS);

        Emulator.reset();
        assertThat(Emulator.failure()).isEmpty();
        proofs.context().synchronize();
    }

    @Test
    void copiesStayWithinTheirMemory() {
        long memory = proofs.allocate(4);

        assertThat(JCudaDriver.cuMemcpyHtoD(pointer(memory), Pointer.to(new float[5]), 20))
                .isEqualTo(CUresult.CUDA_ERROR_INVALID_VALUE);
        assertThat(JCudaDriver.cuMemcpyDtoD(pointer(memory + 8), pointer(memory), 12))
                .isEqualTo(CUresult.CUDA_ERROR_INVALID_VALUE);
        assertThat(JCudaDriver.cuMemFree(pointer(memory + 4))).isEqualTo(CUresult.CUDA_ERROR_INVALID_VALUE);
    }

    @Test
    void sharedMemoryMustBeAskedForAboveTheUsualAmount() {
        long from = proofs.upload(new float[THREADS]);
        List<Object> arguments = List.of(from, proofs.allocate(THREADS), 0);

        proofs.launch("reverse_block", THREADS, 227 << 10, arguments); // CudaContext asks
        assertThatThrownBy(() -> proofs.launch("reverse_block", THREADS, (227 << 10) + 1, arguments))
                .hasMessageContaining("CUDA_ERROR_INVALID_VALUE");
    }

    @Test
    void nothingIsWaitedForOrAllocatedWhileAStreamRecords() {
        assertThatThrownBy(() -> proofs.context().record(() -> proofs.context().synchronize()))
                .hasMessageContaining("CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED");
        assertThatThrownBy(() -> proofs.context().record(() -> proofs.context().allocate(16, "a step")))
                .hasMessageContaining("CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED");
    }

    @Test
    void callsThatAreNotEmulatedSaySo() {
        assertThat(JCudaDriver.cuModuleGetLoadingMode(new int[] {CUmoduleLoadingMode.CU_MODULE_EAGER_LOADING}))
                .isEqualTo(CUresult.CUDA_ERROR_NOT_SUPPORTED);
    }

    /** Without an event, chance decides. */
    @Test
    void streamsRunInAnyOrderThatEventsAllow() {
        assertThat(copies(false, false)).containsOnly(1f, 2f);
        assertThat(copies(false, true)).containsOnly(2f);
        assertThat(copies(true, false)).containsOnly(1f, 2f);
        assertThat(copies(true, true)).containsOnly(1f);
    }

    /**
     * Memory that holds 1 is uploaded to, 2, on one stream and copied from on another.
     *
     * @param copyFirst which of the two is asked for first
     * @param joined whether the second waits for the first, by an event
     * @return what was copied, in several orders
     */
    private Set<Float> copies(boolean copyFirst, boolean joined) {
        CudaContext context = proofs.context();
        Stream other = context.newStream();
        CUevent event = new CUevent();
        JCudaDriver.cuEventCreate(event, 0);
        Pointer two = Pointer.to(ByteBuffer.allocateDirect(Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .putFloat(0, 2));
        Set<Float> copied = new HashSet<>();
        for (int seed = 1; seed <= 20; seed++) {
            long memory = proofs.upload(1f);
            long copy = proofs.allocate(1);
            Emulator.seed(seed);
            Stream first = copyFirst ? context.stream() : other;
            Stream second = copyFirst ? other : context.stream();
            ask(copyFirst, copy, memory, two, first);
            if (joined) {
                JCudaDriver.cuEventRecord(event, first);
                JCudaDriver.cuStreamWaitEvent(second, event, 0);
            }
            ask(!copyFirst, copy, memory, two, second);
            JCudaDriver.cuCtxSynchronize();
            copied.add(proofs.download(copy, 1)[0]);
        }
        JCudaDriver.cuEventDestroy(event);
        JCudaDriver.cuStreamDestroy(other);
        return copied;
    }

    private static void ask(boolean copies, long copy, long memory, Pointer two, Stream stream) {
        int result = copies
                ? JCudaDriver.cuMemcpyDtoDAsync(pointer(copy), pointer(memory), Float.BYTES, stream)
                : JCudaDriver.cuMemcpyHtoDAsync(pointer(memory), two, Float.BYTES, stream);
        assertThat(result).isEqualTo(CUresult.CUDA_SUCCESS);
    }

    private void launch(long from, long to) {
        proofs.launch("reverse_block", THREADS, THREADS * Float.BYTES, List.of(from, to, 0));
    }
}
