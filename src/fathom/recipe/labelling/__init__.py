"""Stage 2: the teacher labels real photos, as they are, un-augmented.

pool      what is to be labelled: a folder, a list of files, shards of pictures
plan      which pictures go into which shard of labels; frozen at the first start
stages    read -> decode -> look -> encode -> gather: what is done to a few pictures of one shard
here      the stages in the threads of this process
cluster   the same stages on Ray Data: many processes, many machines
run       all of it, until every shard of the plan is whole
check     whether a store is whole and says the truth
estimate  what a run would take, measured on a sample
"""
