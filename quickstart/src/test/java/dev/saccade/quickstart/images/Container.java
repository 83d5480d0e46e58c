package dev.saccade.quickstart.images;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/**
 * An image that runc runs as Kubernetes would under PodSecurity <i>restricted</i>: as the image's user, without capabilities or
 * a way to new ones, on a root file system that can't be written. It shares the machine's network, where the parts are.
 */
final class Container implements AutoCloseable {

    /** Those that a container engine refuses by default and that would matter most to whoever broke out of a decoder. */
    private static final List<String> REFUSED = List.of(
            "acct",
            "add_key",
            "bpf",
            "clock_settime",
            "delete_module",
            "fsopen",
            "init_module",
            "kexec_load",
            "keyctl",
            "mount",
            "move_mount",
            "open_by_handle_at",
            "perf_event_open",
            "pivot_root",
            "ptrace",
            "reboot",
            "setns",
            "swapon",
            "umount2",
            "unshare",
            "userfaultfd");

    private final String name;
    private final Process process;
    private final Path output;

    private Container(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /** @param models a folder that it finds, to read, at /models */
    static Container run(Image image, Map<String, String> environment, Path models) throws IOException {
        Path bundle = image.folder();
        Files.writeString(
                bundle.resolve("config.json"),
                JsonMapper.shared().writeValueAsString(description(image, environment, models)));
        Path output = bundle.resolve("output.txt");
        String name = "saccade-test-" + bundle.getFileName() + "-"
                + ProcessHandle.current().pid();
        Process process = new ProcessBuilder("runc", "run", "--bundle", bundle.toString(), name)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new Container(name, process, output);
    }

    private static Map<String, Object> description(Image image, Map<String, String> environment, Path models) {
        List<String> variables = new ArrayList<>(image.environment());
        environment.forEach((key, value) -> variables.add(key + "=" + value));
        String[] user = image.config().path("User").asString().split(":");
        Map<String, Object> process = Map.of(
                "user", Map.of("uid", Integer.parseInt(user[0]), "gid", Integer.parseInt(user[1])),
                "args", image.entrypoint(),
                "env", variables,
                "cwd", image.config().path("WorkingDir").asString(),
                "noNewPrivileges", true,
                "capabilities", Map.of("bounding", List.of(), "effective", List.of(), "permitted", List.of()));
        return Map.of(
                "ociVersion", "1.0.2",
                "process", process,
                "root", Map.of("path", "rootfs", "readonly", true),
                "mounts",
                        List.of(
                                mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
                                mount("/dev", "tmpfs", "tmpfs", "nosuid", "mode=755", "size=65536k"),
                                mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=64m"),
                                mount("/tmp", "tmpfs", "tmpfs", "nosuid", "nodev", "mode=1777", "size=2g"),
                                mount("/scratch", "tmpfs", "tmpfs", "nosuid", "nodev", "mode=1777", "size=2g"),
                                mount("/models", "none", models.toString(), "bind", "ro", "nosuid", "nodev")),
                "linux",
                        Map.of(
                                "namespaces",
                                        List.of(
                                                Map.of("type", "pid"),
                                                Map.of("type", "ipc"),
                                                Map.of("type", "uts"),
                                                Map.of("type", "mount")),
                                "maskedPaths",
                                        List.of("/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware"),
                                "readonlyPaths",
                                        List.of(
                                                "/proc/bus",
                                                "/proc/fs",
                                                "/proc/irq",
                                                "/proc/sys",
                                                "/proc/sysrq-trigger"),
                                "seccomp",
                                        Map.of(
                                                "defaultAction",
                                                "SCMP_ACT_ALLOW",
                                                "syscalls",
                                                List.of(Map.of("names", REFUSED, "action", "SCMP_ACT_ERRNO")))));
    }

    private static Map<String, Object> mount(String at, String type, String source, String... options) {
        Map<String, Object> mount = new LinkedHashMap<>();
        mount.put("destination", at);
        mount.put("type", type);
        mount.put("source", source);
        mount.put("options", List.of(options));
        return mount;
    }

    /** The container's own health check. */
    void awaitReady(String address) {
        await("the container's readiness; it printed to " + output)
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .failFast(() -> !process.isAlive())
                .until(() -> exec(
                                "/opt/java/bin/java",
                                "-cp",
                                "/opt/saccade/classpath/*:/opt/saccade/libs/*",
                                "dev.saccade.ledger.health.AskReadiness",
                                address)
                        .contains("answers 200"));
    }

    /** Runs a program in it, as the container's user. */
    String exec(String... command) throws IOException {
        List<String> whole = new ArrayList<>(List.of("runc", "exec", name));
        whole.addAll(List.of(command));
        return Commands.run(whole.toArray(String[]::new));
    }

    String printed() throws IOException {
        return Files.readString(output);
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(3, TimeUnit.MINUTES)) {
            throw new AssertionError("The container did not end; it printed to " + output);
        }
        return process.exitValue();
    }

    /** SIGTERM, as the kubelet sends it. */
    int stop() throws IOException, InterruptedException {
        Commands.run("runc", "kill", name, "TERM");
        return awaitExit();
    }

    @Override
    public void close() throws InterruptedException {
        if (process.isAlive()) {
            process.destroyForcibly();
            process.waitFor();
        }
        try {
            Commands.run("runc", "delete", "--force", name);
        } catch (IOException alreadyGone) {
            // a container that ended leaves nothing
        }
    }
}
