package dev.saccade.api.openapi;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;

/** Makes springdoc's beans lazy: most starts of the service never show its document. */
final class LazySpringdoc implements BeanFactoryPostProcessor {

    /** Warns at each start that the document can be read, which is meant. */
    private static final String WARNING = "springDocAppInitializer";

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory factory) {
        if (factory instanceof BeanDefinitionRegistry registry && registry.containsBeanDefinition(WARNING)) {
            registry.removeBeanDefinition(WARNING);
        }
        for (String name : factory.getBeanDefinitionNames()) {
            BeanDefinition definition = factory.getBeanDefinition(name);
            if (isSpringdoc(definition.getBeanClassName()) || isSpringdoc(definition.getFactoryBeanName())) {
                definition.setLazyInit(true);
            }
        }
    }

    private static boolean isSpringdoc(@Nullable String name) {
        return name != null && name.startsWith("org.springdoc.");
    }
}
