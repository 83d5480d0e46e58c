-- What a job's result holds beside its first answer. Rows of before, and those that an instance of before still writes, have one.

alter table job_result
    add column completions jsonb check (jsonb_typeof(completions) = 'array'),
    add column prompt_logprobs jsonb check (jsonb_typeof(prompt_logprobs) = 'array');
comment on column job_result.completions is 'all answers, the first included; null where one was asked for, without log probabilities';
