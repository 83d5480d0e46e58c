package dev.saccade.api.videos;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The addresses below {@code /v1/videos}. */
@Configuration(proxyBeanMethods = false)
@Import({VideoController.class, VideoListController.class})
public class VideosConfiguration {

    @Bean
    MeterBinder apiUploadMeters(VideoUploads uploads) {
        return registry -> {
            Gauge.builder("saccade.uploads.open", uploads, VideoUploads::open)
                    .description("Files that are being received or fetched here")
                    .register(registry);
            FunctionCounter.builder("saccade.uploads.taken", uploads, VideoUploads::taken)
                    .description("Files that became ready")
                    .register(registry);
            FunctionCounter.builder("saccade.uploads.refused", uploads, VideoUploads::refused)
                    .description("Uploads that ended here without becoming ready")
                    .register(registry);
            FunctionCounter.builder("saccade.uploads.received", uploads, VideoUploads::bytes)
                    .description("Bytes of the files that arrived whole")
                    .baseUnit("bytes")
                    .register(registry);
        };
    }
}
