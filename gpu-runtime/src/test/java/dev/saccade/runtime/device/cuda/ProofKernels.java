package dev.saccade.runtime.device.cuda;

import static dev.saccade.runtime.device.cuda.CudaDriver.check;
import static dev.saccade.runtime.device.cuda.CudaDriver.pointer;

import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/** Runs the kernels of {@code proofs.cu}, whose last parameter says which bug they have, 0 for none. */
final class ProofKernels implements AutoCloseable {

    private final CudaContext context;
    private final List<Long> memory = new ArrayList<>();

    /** The emulator runs these kernels until it is started again. */
    ProofKernels() {
        Emulator.start();
        Emulator.useKernels(Emulator.compileProofs());
        this.context = new CudaContext();
    }

    CudaContext context() {
        return context;
    }

    /** Memory of the device with these values. */
    long upload(float... values) {
        long address = allocate(values.length);
        check(JCudaDriver.cuMemcpyHtoD(pointer(address), Pointer.to(values), bytes(values.length)), "upload");
        return address;
    }

    long upload(short... values) {
        long address = allocate((values.length + 1) / 2);
        check(
                JCudaDriver.cuMemcpyHtoD(pointer(address), Pointer.to(values), (long) values.length * Short.BYTES),
                "upload");
        return address;
    }

    /** Memory for floats that nobody has written yet. */
    long allocate(int floats) {
        long address = context.allocate(bytes(floats), "a proof");
        memory.add(address);
        return address;
    }

    float[] download(long address, int floats) {
        float[] values = new float[floats];
        check(JCudaDriver.cuMemcpyDtoH(Pointer.to(values), pointer(address), bytes(floats)), "download");
        return values;
    }

    /** One block. */
    void launch(String kernel, int threads, int sharedBytes, List<Object> values) {
        context.launch(kernel, 1, 1, 1, threads, sharedBytes, values.toArray());
        context.synchronize();
    }

    private static long bytes(int floats) {
        return (long) floats * Float.BYTES;
    }

    /** A failed context works again; what was counted is lost. */
    @Override
    public void close() {
        Emulator.reset();
        memory.forEach(context::free);
        context.close();
        Emulator.stop();
    }
}
