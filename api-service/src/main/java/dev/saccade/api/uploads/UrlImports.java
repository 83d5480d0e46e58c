package dev.saccade.api.uploads;

import dev.saccade.api.egress.Download;
import dev.saccade.api.egress.EgressPolicy;
import dev.saccade.api.egress.ForbiddenUrlException;
import dev.saccade.api.egress.GuardedClient;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.videos.Filenames;
import dev.saccade.api.videos.UploadLimits;
import dev.saccade.api.videos.UploadProblems;
import dev.saccade.api.videos.VideoUploads;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.videos.VideoView;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches media from where clients say, under the guard that webhooks have too. Off unless the operator turns it on. */
public final class UrlImports {

    private static final Logger LOG = LoggerFactory.getLogger(UrlImports.class);

    private final VideoUploads uploads;
    private final long maxBytes;
    private final boolean enabled;
    private final EgressPolicy policy;
    private final GuardedClient client;

    UrlImports(VideoUploads uploads, UploadLimits limits, ImportProperties properties) {
        this.uploads = uploads;
        maxBytes = limits.maxBytes();
        enabled = properties.enabled();
        policy = new EgressPolicy(properties.ports(), properties.trustedHosts());
        client = new GuardedClient(policy, properties.timeout());
    }

    /**
     * The READY video. A URL that may not be called leaves no row; what fails later leaves a REJECTED one that says why.
     *
     * @param filename for display; null for the URL's own
     * @throws ProblemException where the file can't be fetched or taken
     */
    public VideoView fetch(Caller caller, String url, @Nullable String filename) {
        if (!enabled) {
            throw new ProblemException(
                    403,
                    "url-import-off",
                    "This installation fetches nothing from URLs. Send the file itself: POST /v1/videos takes it.");
        }
        URI address = checked(url);
        return uploads.receive(
                caller.tenantId(),
                caller.actor(),
                Filenames.display(filename == null ? address.getPath() : filename),
                taker -> download(url, taker));
    }

    private VideoView download(String url, VideoUploads.Taker taker) {
        try (Download download = client.get(url)) {
            if (download.status() != 200) {
                throw new ProblemException(
                        422,
                        "url-not-answered",
                        "The URL was answered with the status " + download.status() + ". Give one that answers 200.");
            }
            if (download.encoded()) {
                throw new ProblemException(
                        422,
                        "url-encoded",
                        "The URL was answered with a Content-Encoding, which is not taken. Serve the file as it is.");
            }
            if (download.length() > maxBytes) {
                throw UploadProblems.tooLarge(maxBytes);
            }
            return taker.take(new Remote(download.content()));
        } catch (ForbiddenUrlException forbidden) {
            throw forbidden(forbidden);
        } catch (IOException failure) {
            LOG.debug("A URL could not be fetched: {}", failure.toString());
            throw unreachable();
        }
    }

    private URI checked(String url) {
        try {
            return policy.check(url);
        } catch (ForbiddenUrlException forbidden) {
            throw forbidden(forbidden);
        }
    }

    private static ProblemException forbidden(ForbiddenUrlException forbidden) {
        return ProblemException.invalid("invalid-url", "/url", forbidden.reason());
    }

    private static ProblemException unreachable() {
        return new ProblemException(
                422,
                "url-unreachable",
                "The URL's server did not deliver the whole file in time. Check the URL, or send the file itself.");
    }

    /** It isn't the client who has left where these bytes end. */
    private static final class Remote extends FilterInputStream {

        Remote(InputStream content) {
            super(content);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            try {
                return super.read(buffer, offset, length);
            } catch (IOException broken) {
                throw unreachable();
            }
        }
    }
}
