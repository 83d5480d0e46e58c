package dev.saccade.runtime.device.cuda;

import jcuda.driver.CUstream;

/** A stream that tells its handle, which other libraries take. */
final class Stream extends CUstream {

    long handle() {
        return getNativePointer();
    }
}
