package dev.saccade.runtime.device;

/** Weights of a linear layer, (outputs, inputs), in whatever layout its device multiplies fastest. */
public interface Matrix {

    int outputs();

    int inputs();
}
