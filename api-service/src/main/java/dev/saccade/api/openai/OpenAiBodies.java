package dev.saccade.api.openai;

import dev.saccade.api.ApiProperties;
import dev.saccade.api.json.ApiJson;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.problems.ProblemTranslator;
import dev.saccade.api.uploads.UrlImports;
import dev.saccade.api.videos.UploadProblems;
import dev.saccade.api.videos.VideoUploads;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.videos.VideoLedger;
import jakarta.servlet.http.HttpServletRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.BiFunction;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads bodies that may hold clips, and stores those. */
final class OpenAiBodies {

    private final VideoLedger videos;
    private final VideoUploads uploads;
    private final UrlImports imports;
    private final ApiProperties api;
    private final OpenAiProperties properties;

    OpenAiBodies(
            VideoLedger videos,
            VideoUploads uploads,
            UrlImports imports,
            ApiProperties api,
            OpenAiProperties properties) {
        this.videos = videos;
        this.uploads = uploads;
        this.imports = imports;
        this.api = api;
        this.properties = properties;
    }

    /**
     * Gives what {@code translation} makes of the body. Its media are kept until then.
     *
     * @throws ProblemException where the body can't be read, or what it holds can't be taken
     */
    <T> T read(Caller caller, HttpServletRequest request, BiFunction<ObjectNode, PartTranslation, T> translation) {
        long length = request.getContentLengthLong();
        boolean small = length >= 0 && length <= api.maxBodyBytes();
        try (var body = new DataUrls(
                request.getInputStream(), api.uploadFolder(), api.maxBodyBytes(), properties.maxDataUrlBytes())) {
            // what may hold clips takes as long as an upload, and the place of one
            ObjectNode json = small ? object(body) : uploads.inSlot(() -> object(body));
            return translation.apply(json, parts(caller, body.media()));
        } catch (IOException gone) {
            throw UploadProblems.interrupted();
        }
    }

    /** For a body that was read as one line of many: it holds no data URLs that were put to files. */
    PartTranslation partsOfALine(Caller caller) {
        return parts(caller, List.of());
    }

    private PartTranslation parts(Caller caller, List<SpooledMedia> spooled) {
        return new PartTranslation(new RequestMedia(caller, videos, uploads, imports, spooled), api.maxMediaPerJob());
    }

    private static ObjectNode object(InputStream body) {
        JsonNode json;
        try {
            json = ApiJson.MAPPER.readTree(new Unclosed(body));
        } catch (JacksonException unreadable) {
            throw unreadable.getCause() instanceof ProblemException told
                    ? told
                    : ProblemTranslator.unreadable(unreadable);
        }
        if (json instanceof ObjectNode object) {
            return object;
        }
        throw new ProblemException(400, "malformed-json", "Send a JSON object.");
    }

    /** A parser closes what it has read to the end; the media that came with it are needed longer. */
    private static final class Unclosed extends FilterInputStream {

        Unclosed(InputStream body) {
            super(body);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return in.read(buffer, offset, length);
        }

        @Override
        public void close() {}
    }
}
