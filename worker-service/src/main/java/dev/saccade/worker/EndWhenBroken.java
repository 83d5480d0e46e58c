package dev.saccade.worker;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

/** Ends the process of a worker that is broken, so that whatever runs it starts it anew. */
final class EndWhenBroken implements ApplicationListener<AvailabilityChangeEvent<LivenessState>> {

    private static final int EXIT_CODE = 3;

    @Override
    public void onApplicationEvent(AvailabilityChangeEvent<LivenessState> event) {
        if (event.getState() == LivenessState.BROKEN && event.getSource() instanceof ApplicationContext context) {
            System.exit(SpringApplication.exit(context, () -> EXIT_CODE));
        }
    }
}
