package dev.saccade.runtime.device.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Makes shared libraries with g++, each only once for the same command and sources. */
final class Compiler {

    private final Path folder;

    /** @param folder for what is made */
    Compiler(Path folder) {
        this.folder = folder;
    }

    static boolean isMissing() {
        try {
            return new ProcessBuilder("g++", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    != 0;
        } catch (IOException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /**
     * @param inputs folders of sources; what lies in them decides whether a library made before is still right
     * @param arguments of g++, beside those that every library has
     */
    Path library(String name, List<Path> inputs, List<String> arguments) {
        Path library = folder.resolve(name);
        Path stamp = folder.resolve(name + ".sha256");
        try {
            Files.createDirectories(folder);
            String wanted = hash(inputs, arguments);
            if (Files.exists(library)
                    && Files.exists(stamp)
                    && Files.readString(stamp).equals(wanted)) {
                return library;
            }
            // Elsewhere first: another JVM may have the old one mapped.
            Path made = Files.createTempFile(folder, name, ".new");
            compile(name, made, arguments);
            Files.move(made, library, StandardCopyOption.ATOMIC_MOVE);
            Files.writeString(stamp, wanted);
            return library;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compile(String name, Path output, List<String> arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("g++", "-std=c++17", "-fPIC", "-shared", "-o", output.toString()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException("g++ can't compile " + name + ":\n" + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String hash(List<Path> inputs, List<String> arguments) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(arguments.toString().getBytes(StandardCharsets.UTF_8));
            for (Path input : inputs) {
                try (Stream<Path> files = Files.walk(input)) {
                    for (Path file : files.filter(Compiler::isSource).sorted().toList()) {
                        digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
                        digest.update(Files.readAllBytes(file));
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isSource(Path file) {
        return file.toString().matches(".*\\.(cu|cuh|h|cpp)");
    }
}
