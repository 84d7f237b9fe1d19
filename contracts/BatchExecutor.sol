// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// The code that an account delegates to (EIP-7702) to run many steps in one transaction, each at most once.
///
/// Every step has a number. Numbers that were used are kept in the account's own storage, for ever: a step that is carried
/// again, in whatever transaction, is passed over. SPEC.md beside this file has the words, the encoding and the rules.
/// No owner, no initialiser, no upgrade: what the account's key signs is all that it obeys.
contract BatchExecutor {
    /// `done` and `failed`: one bit for each step of the batch, by its place, lowest first. Neither: its number had been
    /// used before.
    event BatchDone(bytes32 indexed batchId, uint256 done, uint256 failed);

    error NotTheAccount();
    error AlreadyRunning();
    error Expired(uint256 validUntil);
    error Malformed(uint256 at);
    error TooManySteps();
    error NotEnoughGas(uint256 needed);
    error CallFailed(uint256 index);

    uint8 private constant NATIVE = 0;
    uint8 private constant ERC20 = 1;
    uint8 private constant CALL = 2;
    uint8 private constant GROUP = 3;
    uint8 private constant CLOSE = 4;

    /// Bytes of what a step is made of.
    uint256 private constant KIND_SIZE = 1;
    uint256 private constant NUMBER_SIZE = 8;
    uint256 private constant GAS_SIZE = 4;
    uint256 private constant ADDRESS_SIZE = 20;
    uint256 private constant AMOUNT_SIZE = 32;
    uint256 private constant LENGTH_SIZE = 4;
    uint256 private constant NATIVE_SIZE = ADDRESS_SIZE + AMOUNT_SIZE;
    uint256 private constant ERC20_SIZE = 2 * ADDRESS_SIZE + AMOUNT_SIZE;

    /// Gas. At most what a CALL costs before the callee gets any: a cold account, its delegation, value, a new account
    /// (39,200 today), and what the rest of the step takes.
    uint256 private constant CALL_COST_MOST = 50_000;
    /// Inside a group: as much as is left, which the limit of the group bounds.
    uint256 private constant ALL_GAS = type(uint256).max;
    /// No number is in it: numbers have 64 bits.
    uint256 private constant NO_WORD = type(uint256).max;

    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant NAME = keccak256("Waybill BatchExecutor");
    bytes32 private constant VERSION = keccak256("1");
    bytes32 private constant BATCH_TYPE = keccak256("Batch(bytes32 batchId,uint256 validUntil,bytes steps)");

    /// @custom:storage-location erc7201:waybill.batch-executor
    struct Used {
        /// Bits of used numbers, 256 to a word.
        mapping(uint256 word => uint256 bits) words;
    }

    /// keccak256(abi.encode(uint256(keccak256("waybill.batch-executor")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant USED = 0x0ee0b23dd20ab7c1b71d45d6fa8260acf3aff3d4155d8d3a994ecfd6e591a000;

    /// A batch is running. Gone when the transaction ends, whatever happens.
    bool private transient running;

    receive() external payable {}

    /// By the account itself.
    function execute(bytes32 batchId, uint256 validUntil, bytes calldata steps) external {
        if (msg.sender != address(this)) revert NotTheAccount();
        run(batchId, validUntil, steps);
    }

    /// By anybody who has the account's EIP-712 signature of the batch; `vs` as in EIP-2098.
    function executeSigned(bytes32 batchId, uint256 validUntil, bytes calldata steps, bytes32 r, bytes32 vs) external {
        bytes32 domain = keccak256(abi.encode(DOMAIN_TYPE, NAME, VERSION, block.chainid, address(this)));
        bytes32 batch = keccak256(abi.encode(BATCH_TYPE, batchId, validUntil, keccak256(steps)));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", domain, batch));
        uint8 v = uint8(uint256(vs) >> 255) + 27;
        bytes32 s = bytes32(uint256(vs) & (type(uint256).max >> 1));
        // What is no signature recovers to zero, and there no account stands.
        if (ecrecover(digest, v, r, s) != address(this)) revert NotTheAccount();
        run(batchId, validUntil, steps);
    }

    /// Calls of one step, all or none. By a batch that is running; or by the account to itself, as a node is asked to try
    /// what a step of them would do. That has no number: what may run once only stands in a batch.
    function runGroup(bytes calldata calls) external {
        if (msg.sender != address(this)) revert NotTheAccount();
        uint256 index = 0;
        for (uint256 at = 0; at < calls.length; ++index) {
            uint8 kind = uint8(read(calls, at, KIND_SIZE));
            uint256 body = at + KIND_SIZE;
            at = endOf(calls, body, kind);
            if (!perform(calls[body:at], kind, ALL_GAS)) revert CallFailed(index);
        }
    }

    /// Whether a step with this number has run, failed or been closed: it never runs any more.
    function isDone(uint256 number) external view returns (bool) {
        return (used().words[number >> 8] >> (number & 0xff)) & 1 == 1;
    }

    /// The bits of numbers 256 * word to 256 * word + 255, lowest first.
    function doneBits(uint256 word) external view returns (uint256) {
        return used().words[word];
    }

    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        return this.onERC721Received.selector;
    }

    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external pure returns (bytes4) {
        return this.onERC1155Received.selector;
    }

    function onERC1155BatchReceived(address, address, uint256[] calldata, uint256[] calldata, bytes calldata)
        external
        pure
        returns (bytes4)
    {
        return this.onERC1155BatchReceived.selector;
    }

    /// ERC-165 itself, receiver of ERC-721, receiver of ERC-1155.
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == 0x01ffc9a7 || id == 0x150b7a02 || id == 0x4e2312e0;
    }

    function run(bytes32 batchId, uint256 validUntil, bytes calldata steps) private {
        if (block.timestamp > validUntil) revert Expired(validUntil);
        // A callee that comes back in with another batch would find bits that are not written yet.
        if (running) revert AlreadyRunning();
        running = true;
        (uint256 done, uint256 failed) = runSteps(steps);
        running = false;
        emit BatchDone(batchId, done, failed);
    }

    function runSteps(bytes calldata steps) private returns (uint256 done, uint256 failed) {
        mapping(uint256 => uint256) storage words = used().words;
        // Numbers of a batch mostly share a word: it is written once, when the batch leaves it. Nothing is decided by it in
        // between: no other batch may run, and a transaction that ends early undoes all of this.
        uint256 word = NO_WORD;
        uint256 bits;
        uint256 place = 1;
        for (uint256 at = 0; at < steps.length; place <<= 1) {
            if (place == 0) revert TooManySteps();
            uint8 kind = uint8(read(steps, at, KIND_SIZE));
            uint256 number = read(steps, at + KIND_SIZE, NUMBER_SIZE);
            at += KIND_SIZE + NUMBER_SIZE;
            uint256 gasLimit = read(steps, at, GAS_SIZE);
            uint256 body = kind == CLOSE ? at : at + GAS_SIZE;
            at = endOf(steps, body, kind);
            if (number >> 8 != word) {
                if (word != NO_WORD) words[word] = bits;
                word = number >> 8;
                bits = words[word];
            }
            uint256 bit = 1 << (number & 0xff);
            if (bits & bit != 0) continue;
            bits |= bit;
            if (kind == CLOSE || perform(steps[body:at], kind, gasLimit)) done |= place;
            else failed |= place;
        }
        if (word != NO_WORD) words[word] = bits;
    }

    /// Where the body that begins at `body` ends.
    function endOf(bytes calldata steps, uint256 body, uint8 kind) private pure returns (uint256 end) {
        if (kind == NATIVE) end = body + NATIVE_SIZE;
        else if (kind == ERC20) end = body + ERC20_SIZE;
        else if (kind == CALL) end = body + NATIVE_SIZE + LENGTH_SIZE + read(steps, body + NATIVE_SIZE, LENGTH_SIZE);
        else if (kind == GROUP) end = body + LENGTH_SIZE + read(steps, body, LENGTH_SIZE);
        else if (kind == CLOSE) end = body;
        else revert Malformed(body);
        if (end > steps.length) revert Malformed(body);
    }

    function perform(bytes calldata body, uint8 kind, uint256 gasLimit) private returns (bool) {
        if (kind == NATIVE) return send(addressAt(body, 0), read(body, ADDRESS_SIZE, AMOUNT_SIZE), gasLimit);
        if (kind == ERC20) {
            uint256 amount = read(body, 2 * ADDRESS_SIZE, AMOUNT_SIZE);
            return sendTokens(addressAt(body, 0), addressAt(body, ADDRESS_SIZE), amount, gasLimit);
        }
        if (kind == CALL) {
            bytes memory data = body[NATIVE_SIZE + LENGTH_SIZE:];
            address to = addressAt(body, 0);
            // Where there is no code, a call of a function succeeds and does nothing.
            if (data.length > 0 && to.code.length == 0) return false;
            return callWith(to, read(body, ADDRESS_SIZE, AMOUNT_SIZE), data, gasLimit);
        }
        if (kind == GROUP) {
            bytes memory data = abi.encodeCall(this.runGroup, (body[LENGTH_SIZE:]));
            return callWith(address(this), 0, data, gasLimit);
        }
        // To close a number is nothing that a group can do.
        revert Malformed(0);
    }

    function send(address to, uint256 value, uint256 gasLimit) private returns (bool isSent) {
        requireGas(gasLimit);
        assembly ("memory-safe") {
            isSent := call(gasLimit, to, value, 0, 0, 0, 0)
        }
    }

    /// True where the token answers true, or nothing and has code: some answer nothing, and no code answers nothing as well.
    function sendTokens(address token, address to, uint256 amount, uint256 gasLimit) private returns (bool isSent) {
        requireGas(gasLimit);
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, shl(224, 0xa9059cbb)) // transfer(address,uint256)
            mstore(add(data, 4), to)
            mstore(add(data, 36), amount)
            isSent := call(gasLimit, token, 0, data, 68, 0, 32)
            switch returndatasize()
            case 0 { isSent := and(isSent, gt(extcodesize(token), 0)) }
            default { isSent := and(isSent, and(gt(returndatasize(), 31), eq(mload(0), 1))) }
        }
    }

    /// What it answers is not read: a callee may answer as much as it likes, and pays for it alone.
    function callWith(address to, uint256 value, bytes memory data, uint256 gasLimit) private returns (bool isDone_) {
        requireGas(gasLimit);
        assembly ("memory-safe") {
            isDone_ := call(gasLimit, to, value, add(data, 32), mload(data), 0, 0)
        }
    }

    /// A CALL gives what is left where that is less than its limit, and the callee would fail by whoever chose the gas of the
    /// transaction. Then none of the batch has happened.
    function requireGas(uint256 gasLimit) private view {
        if (gasLimit == ALL_GAS) return;
        uint256 needed = gasLimit + gasLimit / 63 + CALL_COST_MOST;
        if (gasleft() < needed) revert NotEnoughGas(needed);
    }

    function addressAt(bytes calldata data, uint256 at) private pure returns (address) {
        return address(uint160(read(data, at, ADDRESS_SIZE)));
    }

    /// `size` bytes, at most 32, as a number. Beyond the end it reads what follows: the end is checked before it counts.
    function read(bytes calldata data, uint256 at, uint256 size) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := shr(sub(256, mul(8, size)), calldataload(add(data.offset, at)))
        }
    }

    function used() private pure returns (Used storage storage_) {
        bytes32 slot = USED;
        assembly ("memory-safe") {
            storage_.slot := slot
        }
    }
}
