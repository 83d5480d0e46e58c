package dev.saccade.api.openai;

import dev.saccade.api.ApiProperties;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.videos.UploadProblems;
import dev.saccade.api.videos.VideoContent;
import dev.saccade.api.videos.VideoUploads;
import dev.saccade.ledger.batches.BatchLedger;
import dev.saccade.ledger.batches.BatchView;
import dev.saccade.ledger.files.InputFile;
import dev.saccade.ledger.files.InputFiles;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.videos.VideoDeletions;
import dev.saccade.ledger.videos.VideoLedger;
import dev.saccade.ledger.videos.VideoState;
import dev.saccade.ledger.videos.VideoView;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What OpenAI's clients call files, wherever it is. */
final class StoredFiles {

    static final String JSONL = "application/jsonl";
    private static final Set<VideoState> KEPT = EnumSet.complementOf(EnumSet.of(VideoState.DELETED));

    private final VideoLedger videos;
    private final VideoUploads uploads;
    private final VideoDeletions deletions;
    private final VideoContent contents;
    private final InputFiles inputs;
    private final BatchLedger batches;
    private final BatchOutcomes outcomes;
    private final ApiProperties api;
    private final OpenAiProperties properties;

    StoredFiles(
            VideoLedger videos,
            VideoUploads uploads,
            VideoDeletions deletions,
            VideoContent contents,
            InputFiles inputs,
            BatchLedger batches,
            BatchOutcomes outcomes,
            ApiProperties api,
            OpenAiProperties properties) {
        this.videos = videos;
        this.uploads = uploads;
        this.deletions = deletions;
        this.contents = contents;
        this.inputs = inputs;
        this.batches = batches;
        this.outcomes = outcomes;
        this.api = api;
        this.properties = properties;
    }

    /** A file of the tenant's. */
    sealed interface Found {

        FileDocument document();

        /** A clip or an image. */
        record Media(VideoView video) implements Found {
            @Override
            public FileDocument document() {
                return FileDocument.of(video, FilePurpose.USER_DATA);
            }
        }

        /** Lines of a batch. */
        record Lines(InputFile file) implements Found {
            @Override
            public FileDocument document() {
                return FileDocument.of(file);
            }
        }

        /** What became of a batch. */
        record Outcome(String id, BatchView batch, boolean errors) implements Found {
            @Override
            public FileDocument document() {
                return FileDocument.output(id, batch.createdAt());
            }
        }
    }

    FileDocument create(Caller caller, HttpServletRequest request) throws IOException {
        try (FileForm form = uploads.inSlot(() -> FileForm.read(request, api.uploadFolder(), api.maxUploadBytes()))) {
            if (FilePurpose.isMedia(form.purpose())) {
                VideoView video = uploads.receive(caller.tenantId(), caller.actor(), form.filename(), form.file());
                return FileDocument.of(video, form.purpose());
            }
            if (form.file().bytes() > properties.maxFileBytes()) {
                throw UploadProblems.tooLarge(properties.maxFileBytes());
            }
            try (InputStream content = Files.newInputStream(form.file().file())) {
                return FileDocument.of(inputs.keep(
                        caller.tenantId(),
                        caller.actor(),
                        form.filename(),
                        form.file().bytes(),
                        content,
                        properties.keepFiles()));
            }
        }
    }

    /** Both kinds have ids that count up with time, so that a page is the newest of both. */
    FileDocument.Page list(Caller caller, @Nullable String purpose, @Nullable UUID after, int limit) {
        Stream<FileDocument> media = purpose != null && !FilePurpose.isMedia(purpose)
                ? Stream.of()
                : videos.list(caller.tenantId(), KEPT, after, limit + 1).stream()
                        .map(video -> FileDocument.of(video, purpose == null ? FilePurpose.USER_DATA : purpose));
        Stream<FileDocument> lines = purpose != null && !purpose.equals(FilePurpose.BATCH)
                ? Stream.of()
                : inputs.list(caller.tenantId(), after, limit + 1).stream().map(FileDocument::of);
        List<FileDocument> found = Stream.concat(media, lines)
                .sorted(Comparator.comparing(FileDocument::id).reversed())
                .limit(limit + 1L)
                .toList();
        List<FileDocument> page = found.stream().limit(limit).toList();
        return new FileDocument.Page(
                "list",
                page,
                found.size() > limit,
                page.isEmpty() ? null : page.getFirst().id(),
                page.isEmpty() ? null : page.getLast().id());
    }

    /** @throws ProblemException 404 where the tenant has none with this id */
    Found find(Caller caller, String id) {
        Optional<Found> outcome = outcome(caller, id, OpenAiIds.OUTPUT, false);
        Optional<Found> errors = outcome.isPresent() ? outcome : outcome(caller, id, OpenAiIds.ERRORS, true);
        return errors.or(() -> OpenAiIds.media(id)
                        .flatMap(known -> inputs.find(caller.tenantId(), known)
                                .<Found>map(Found.Lines::new)
                                .or(() -> videos.find(caller.tenantId(), known)
                                        .filter(video -> video.state() != VideoState.DELETED)
                                        .map(Found.Media::new))))
                .orElseThrow(() -> ProblemException.notFound("file"));
    }

    private Optional<Found> outcome(Caller caller, String id, String prefix, boolean errors) {
        return OpenAiIds.parse(prefix, id)
                .flatMap(known -> batches.find(caller.tenantId(), known))
                .filter(batch -> batch.source() != null)
                .map(batch -> new Found.Outcome(id, batch, errors));
    }

    void write(Caller caller, Found file, HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (file) {
            case Found.Media(VideoView video) -> contents.write(video, request, response);
            case Found.Lines(InputFile lines) -> {
                begin(response, OpenAiIds.FILE + lines.id());
                response.setContentLengthLong(lines.sizeBytes());
                try (InputStream content = inputs.content(caller.tenantId(), lines.id())) {
                    content.transferTo(response.getOutputStream());
                }
            }
            case Found.Outcome(String id, BatchView batch, boolean errors) -> {
                begin(response, id);
                outcomes.write(batch, errors, response.getOutputStream());
            }
        }
    }

    /** The id has been parsed: it holds nothing that a header can't. */
    private static void begin(HttpServletResponse response, String id) {
        response.setContentType(JSONL);
        response.setHeader("Content-Disposition", "attachment; filename=\"" + id + ".jsonl\"");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "no-store");
    }

    /** False for what can't be deleted by itself. */
    boolean delete(Caller caller, Found file) {
        return switch (file) {
            case Found.Media(VideoView video) -> {
                deletions.delete(caller.tenantId(), video.id(), caller.actor());
                yield true;
            }
            case Found.Lines(InputFile lines) -> {
                inputs.delete(caller.tenantId(), lines.id(), caller.actor());
                yield true;
            }
            case Found.Outcome outcome -> false;
        };
    }
}
