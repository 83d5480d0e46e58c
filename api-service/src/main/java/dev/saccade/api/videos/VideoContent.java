package dev.saccade.api.videos;

import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.store.ObjectStore;
import dev.saccade.api.store.StoreUnavailableException;
import dev.saccade.ledger.videos.VideoFacts;
import dev.saccade.ledger.videos.VideoState;
import dev.saccade.ledger.videos.VideoView;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;

/** Gives uploaded bytes back, in whole or in a range, in a way that no browser takes them for a page. */
public final class VideoContent {

    private final ObjectStore store;

    public VideoContent(ObjectStore store) {
        this.store = store;
    }

    /** Answers a request for a video's bytes. */
    public void write(VideoView video, HttpServletRequest request, HttpServletResponse response) throws IOException {
        VideoFacts facts = video.facts();
        if (video.state() == VideoState.DELETED) {
            throw new ProblemException(410, "video-deleted", "This video was deleted. Upload it again.");
        }
        if (video.state() != VideoState.READY || facts == null) {
            throw new ProblemException(
                    409, "video-not-ready", "There are no bytes: the upload is not ready. GET the video to see why.");
        }
        String etag = '"' + facts.sha256() + '"';
        response.setHeader("ETag", etag);
        response.setHeader("Accept-Ranges", "bytes");
        response.setHeader("Cache-Control", "private, no-cache");
        if (names(request.getHeader("If-None-Match"), etag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        switch (range(request, etag, facts.sizeBytes())) {
            case ByteRange.Whole() -> send(video, facts, 0, facts.sizeBytes(), request, response);
            case ByteRange.Part part -> {
                response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
                response.setHeader(
                        "Content-Range", "bytes " + part.first() + "-" + part.last() + "/" + facts.sizeBytes());
                send(video, facts, part.first(), part.length(), request, response);
            }
            case ByteRange.Unsatisfiable() ->
                throw new ProblemException(
                                416,
                                "range-not-satisfiable",
                                "The range lies outside the file, which has " + facts.sizeBytes() + " bytes.")
                        .header("Content-Range", "bytes */" + facts.sizeBytes());
        }
    }

    private void send(
            VideoView video,
            VideoFacts facts,
            long offset,
            long length,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        if (request.getMethod().equals("HEAD")) {
            describe(video, facts, length, response);
            return;
        }
        try (InputStream bytes = store.read(video.objectKey(), offset, length)) {
            describe(video, facts, length, response);
            bytes.transferTo(response.getOutputStream());
        } catch (StoreUnavailableException failure) {
            throw ProblemException.unavailable(
                    "store-unavailable", "The object store does not answer. Try again in a moment.");
        }
    }

    private static void describe(VideoView video, VideoFacts facts, long length, HttpServletResponse response) {
        response.setContentType(facts.contentType());
        response.setContentLengthLong(length);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
        response.setHeader(
                "Content-Disposition",
                ContentDisposition.attachment()
                        .filename(video.filename(), StandardCharsets.UTF_8)
                        .build()
                        .toString());
    }

    private static ByteRange range(HttpServletRequest request, String etag, long size) {
        String ifRange = request.getHeader("If-Range");
        return ifRange == null || ifRange.equals(etag)
                ? ByteRange.parse(request.getHeader("Range"), size)
                : new ByteRange.Whole();
    }

    private static boolean names(@Nullable String ifNoneMatch, String etag) {
        return ifNoneMatch != null
                && Arrays.stream(ifNoneMatch.split(",", -1))
                        .map(String::strip)
                        .anyMatch(tag -> tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag));
    }
}
