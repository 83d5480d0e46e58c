package dev.saccade.runtime.device.cpu.machine;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What Linux tells of the processor; elsewhere nothing is known. */
public final class Processor {

    // numbers of Linux on x86-64
    private static final long ARCH_PRCTL = 158;
    private static final long REQUEST_PERMISSION = 0x1023;
    private static final long TILE_DATA = 18;

    private static final List<String> FACTS = facts();

    private Processor() {}

    /** As the system names it; empty where that is unknown. */
    public static String name() {
        return value("model name", "Processor");
    }

    /** Instruction set extensions by Linux's names, e.g. {@code amx_bf16}. */
    public static Set<String> features() {
        return Set.of(value("flags", "Features").split("\\s+"));
    }

    /** True when this process may use tiles of bf16: AMX is there, and Linux keeps its registers for us. */
    public static boolean grantsTiles() {
        return System.getProperty("os.arch").equals("amd64")
                && features().containsAll(Set.of("amx_tile", "amx_bf16"))
                && permitted();
    }

    private static boolean permitted() {
        MethodHandle call = MachineCode.call("syscall", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
        try {
            return (long) call.invokeExact(ARCH_PRCTL, REQUEST_PERMISSION, TILE_DATA) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("syscall can't be called", e);
        }
    }

    private static List<String> facts() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo"));
        } catch (IOException e) { // not Linux
            return List.of();
        }
    }

    private static String value(String... names) {
        for (String name : names) {
            for (String line : FACTS) {
                if (line.startsWith(name)) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        }
        return "";
    }
}
