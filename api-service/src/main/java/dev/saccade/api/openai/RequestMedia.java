package dev.saccade.api.openai;

import dev.saccade.api.access.ScopeInterceptor;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.uploads.UrlImports;
import dev.saccade.api.videos.UploadProblems;
import dev.saccade.api.videos.VideoUploads;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.tenants.Scope;
import dev.saccade.ledger.videos.VideoLedger;
import dev.saccade.ledger.videos.VideoView;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes what one request's parts refer to videos and images of the tenant's: stored like uploads where they aren't there yet. */
final class RequestMedia {

    private static final Pattern DATA = Pattern.compile("data:[^,]*;base64,(\\d{1,6})");

    private final Caller caller;
    private final VideoLedger videos;
    private final VideoUploads uploads;
    private final UrlImports imports;
    private final List<SpooledMedia> spooled;

    /** @param spooled what the body held as data URLs */
    RequestMedia(
            Caller caller, VideoLedger videos, VideoUploads uploads, UrlImports imports, List<SpooledMedia> spooled) {
        this.caller = caller;
        this.videos = videos;
        this.uploads = uploads;
        this.imports = imports;
        this.spooled = spooled;
    }

    /** Something that a part may show. */
    record Found(String video, boolean image) {}

    /** What an uploaded file's id names; whether it is there is for the intake to say. */
    Found file(String id, String pointer) {
        UUID known = OpenAiIds.media(id)
                .orElseThrow(() -> ProblemException.invalid(
                        "unknown-file", pointer, "There is no such file. Upload it first, or check its id."));
        boolean image =
                videos.find(caller.tenantId(), known).map(RequestMedia::isImage).orElse(false);
        return new Found(ExternalId.VIDEO.format(known), image);
    }

    /**
     * What a URL holds, stored.
     *
     * @throws ProblemException where it can't be fetched or taken
     */
    Found url(String url, String pointer) {
        ScopeInterceptor.require(caller, Scope.MEDIA_WRITE);
        Matcher data = DATA.matcher(url);
        if (data.matches()) {
            return stored(Integer.parseInt(data.group(1)), pointer);
        }
        if (url.startsWith("data:")) {
            return decoded(url, pointer);
        }
        if (!url.startsWith("http://") && !url.startsWith("https://")) {
            throw ProblemException.invalid(
                    "invalid-url", pointer, "Give a data URL or an https URL, or name an uploaded file by file_id.");
        }
        return found(pointer, () -> imports.fetch(caller, url, null));
    }

    private Found stored(int number, String pointer) {
        if (number >= spooled.size()) {
            throw ProblemException.invalid(
                    "invalid-data-url", pointer, "Give a data URL as data:video/mp4;base64,... with the file's bytes.");
        }
        SpooledMedia file = spooled.get(number);
        return found(pointer, () -> {
            try {
                return uploads.receive(caller.tenantId(), caller.actor(), file.filename(), file.received());
            } catch (IOException full) {
                throw UploadProblems.noSpace(full);
            }
        });
    }

    /** Of a line of a batch, which is in memory anyway. */
    private Found decoded(String url, String pointer) {
        int comma = url.indexOf(',');
        if (comma < 0 || !url.substring(0, comma).endsWith(";base64")) {
            throw ProblemException.invalid(
                    "invalid-data-url", pointer, "Give a data URL as data:video/mp4;base64,... with the file's bytes.");
        }
        byte[] bytes;
        try {
            bytes = Base64.getMimeDecoder().decode(url.substring(comma + 1));
        } catch (IllegalArgumentException no) {
            throw ProblemException.invalid("invalid-data-url", pointer, "The data URL is no valid base64.");
        }
        String type = url.substring("data:".length(), comma - ";base64".length());
        return found(
                pointer,
                () -> uploads.receive(
                        caller.tenantId(),
                        caller.actor(),
                        SpooledMedia.filename(type),
                        taker -> taker.take(new ByteArrayInputStream(bytes))));
    }

    /** What is wrong with the media is wrong at their place in the request. */
    private static Found found(String pointer, Supplier<VideoView> storing) {
        try {
            VideoView video = storing.get();
            return new Found(ExternalId.VIDEO.format(video.id()), isImage(video));
        } catch (ProblemException refused) {
            var problem = refused.problem();
            throw problem.status() >= 500
                    ? refused
                    : ProblemException.invalid(problem.code(), pointer, problem.detail());
        }
    }

    private static boolean isImage(VideoView video) {
        return video.facts() != null && video.facts().kind().equals("IMAGE");
    }
}
