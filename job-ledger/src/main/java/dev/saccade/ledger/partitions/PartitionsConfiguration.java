package dev.saccade.ledger.partitions;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;

/** The bean that keeps the partitions. */
@Configuration(proxyBeanMethods = false)
public class PartitionsConfiguration {

    @Bean
    PartitionKeeper partitionKeeper(JdbcOperations jdbc) {
        return new PartitionKeeper(jdbc);
    }
}
