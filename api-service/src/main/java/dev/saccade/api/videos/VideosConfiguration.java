package dev.saccade.api.videos;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The addresses below {@code /v1/videos}. */
@Configuration(proxyBeanMethods = false)
@Import({VideoController.class, VideoListController.class})
public class VideosConfiguration {}
