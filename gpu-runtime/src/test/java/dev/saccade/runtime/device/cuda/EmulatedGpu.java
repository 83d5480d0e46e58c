package dev.saccade.runtime.device.cuda;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** For a test class that finds an emulated GPU: {@code @ExtendWith(EmulatedGpu.class)}. */
final class EmulatedGpu implements BeforeAllCallback, AfterAllCallback {

    @Override
    public void beforeAll(ExtensionContext test) {
        Emulator.start();
    }

    @Override
    public void afterAll(ExtensionContext test) {
        Emulator.stop();
    }
}
