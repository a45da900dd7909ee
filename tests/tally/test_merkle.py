from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally import merkle

# The vectors of the certificate transparency reference implementation for RFC 6962.
INPUTS = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
LEAVES = [merkle.leaf_hash(bytes.fromhex(text)) for text in INPUTS]


def hexed(proof):
    return [step.hex() for step in proof]


def test_the_root_of_nothing_is_that_of_the_rfc():
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_a_root_differs_from_the_known_vectors(size):
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [(0, 1, []), (0, 8, [A, B, C]), (5, 8, [D, E, ROOTS[3]]), (2, 3, [ROOTS[1]]), (1, 5, [ROOTS[0], B, D])],
)
def test_an_inclusion_proof_differs_from_the_known_vectors(index, size, proof):
    found = merkle.inclusion_proof(LEAVES[:size], index)
    assert hexed(found) == proof
    assert merkle.includes(LEAVES[index], index, size, found, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(
    ("old", "new", "proof"),
    [(1, 1, []), (1, 8, [A, B, C]), (6, 8, [F, E, ROOTS[3]]), (2, 5, [B, D])],
)
def test_a_consistency_proof_differs_from_the_known_vectors(old, new, proof):
    found = merkle.consistency_proof(LEAVES[:new], old)
    assert hexed(found) == proof
    assert merkle.extends(old, new, bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1]), found)


def tree(size):
    return [merkle.leaf_hash(b"%d" % number) for number in range(size)]


sizes = st.integers(1, 70)


@given(sizes, st.data())
def test_a_true_inclusion_is_refused_or_a_false_one_passes(size, data):
    leaves = tree(size)
    index = data.draw(st.integers(0, size - 1))
    proof, top = merkle.inclusion_proof(leaves, index), merkle.root(leaves)

    assert merkle.includes(leaves[index], index, size, proof, top)
    assert not merkle.includes(merkle.leaf_hash(b"other"), index, size, proof, top)
    assert not merkle.includes(leaves[index], index, size, (*proof, top), top)
    if proof:
        assert not merkle.includes(leaves[index], index, size, proof[:-1], top)
    other = data.draw(st.integers(0, size - 1))
    assert merkle.includes(leaves[index], other, size, proof, top) == (other == index)


@given(sizes, st.data())
def test_a_true_extension_is_refused_or_a_false_one_passes(size, data):
    leaves = tree(size)
    old = data.draw(st.integers(0, size))
    proof, before, top = merkle.consistency_proof(leaves, old), merkle.root(leaves[:old]), merkle.root(leaves)

    assert merkle.extends(old, size, before, top, proof)
    assert not merkle.extends(old, size, b"\0" * 32, top, proof)
    assert not merkle.extends(old, size, before, top, (*proof, top))
    if old:  # every tree extends the empty one
        assert not merkle.extends(old, size, before, b"\0" * 32, proof)
        changed = [*leaves]
        changed[data.draw(st.integers(0, old - 1))] = merkle.leaf_hash(b"changed")
        forged = merkle.consistency_proof(changed, old)
        assert not merkle.extends(old, size, before, merkle.root(changed), forged)


def test_a_proof_is_asked_for_beyond_the_tree():
    with pytest.raises(IndexError):
        merkle.inclusion_proof(LEAVES, 8)
    with pytest.raises(IndexError):
        merkle.consistency_proof(LEAVES, 9)
    assert not merkle.includes(LEAVES[0], 8, 8, (), LEAVES[0])
    assert not merkle.extends(9, 8, b"", b"", ())


def test_a_node_passes_for_a_leaf():
    assert merkle.leaf_hash(LEAVES[0] + LEAVES[1]) != merkle.node_hash(LEAVES[0], LEAVES[1])
