package dev.saccade.api.problems;

import dev.saccade.api.json.ApiJson;
import dev.saccade.api.json.TimeParameter;
import java.time.Instant;
import org.apache.catalina.Container;
import org.apache.catalina.Context;
import org.apache.catalina.Valve;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.format.FormatterRegistry;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Makes every layer, Tomcat included, answer errors as problem documents, and JSON the only language spoken. */
@Configuration(proxyBeanMethods = false)
@Import(ProblemController.class)
public class ProblemsConfiguration {

    @Bean
    ProblemResolver apiProblemResolver() {
        return new ProblemResolver();
    }

    @Bean
    FilterRegistrationBean<ProblemFilter> apiProblemFilter() {
        var registration = new FilterRegistrationBean<>(new ProblemFilter());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
        return registration;
    }

    /** After Boot's own, which puts Tomcat's HTML page in place. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> apiProblemPages() {
        return factory -> factory.addContextCustomizers(ProblemsConfiguration::replaceErrorPage);
    }

    private static void replaceErrorPage(Context context) {
        Container host = context.getParent();
        for (Valve valve : host.getPipeline().getValves()) {
            if (valve instanceof ErrorReportValve) {
                host.getPipeline().removeValve(valve);
            }
        }
        host.getPipeline().addValve(new ProblemReportValve());
        if (host instanceof StandardHost standard) {
            standard.setErrorReportValveClass(ProblemReportValve.class.getName());
        }
    }

    /** Else an XML library on the class path would have answers negotiated into XML. */
    @Bean
    WebMvcConfigurer apiJsonOnly() {
        return new WebMvcConfigurer() {
            @Override
            public void addFormatters(FormatterRegistry formats) {
                formats.addConverter(String.class, Instant.class, new TimeParameter());
            }

            @Override
            public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
                converters.configureMessageConvertersList(list -> {
                    list.clear();
                    list.add(new ByteArrayHttpMessageConverter());
                    list.add(new StringHttpMessageConverter());
                    list.add(new JacksonJsonHttpMessageConverter(ApiJson.MAPPER));
                });
            }
        };
    }
}
