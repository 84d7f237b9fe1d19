// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// What a batch may meet: callees that count, fail, burn, flood, lie and come back in.

contract Counter {
    uint256 public count;

    event Counted(address by, uint256 value);

    error Refused();

    function add() external payable {
        count += 1;
        emit Counted(msg.sender, msg.value);
    }

    function refuse() external pure {
        revert Refused();
    }
}

/// Uses up whatever gas it is given.
contract Burner {
    fallback() external payable {
        while (true) {}
    }
}

/// Answers with as much as its gas pays for, in a return or in a revert.
contract Flood {
    function answer() external pure {
        assembly {
            return(0, 1000000)
        }
    }

    function fail() external pure {
        assembly {
            revert(0, 1000000)
        }
    }
}

/// Moves nothing, and answers as its kind does.
contract OddToken {
    bytes private reply;
    uint256 public calls;

    constructor(bytes memory reply_) {
        reply = reply_;
    }

    function transfer(address, uint256) external {
        calls += 1;
        bytes memory data = reply;
        assembly {
            return(add(data, 32), mload(data))
        }
    }
}

/// Comes back into the account that pays it, with whatever it was given.
contract Reenterer {
    bytes private data;
    bool public isTried;
    bool public isLetIn;

    function arm(bytes calldata data_) external {
        data = data_;
    }

    receive() external payable {
        isTried = true;
        (isLetIn,) = msg.sender.call(data);
    }
}

interface Receiver {
    function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4);
    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external returns (bytes4);
    function onERC1155BatchReceived(address, address, uint256[] calldata, uint256[] calldata, bytes calldata)
        external
        returns (bytes4);
}

/// Hands over nothing, but asks as ERC-721 and ERC-1155 ask before they do.
contract Collectibles {
    uint256 public handedOver;

    function handOver(Receiver to) external {
        require(to.onERC721Received(msg.sender, address(0), 1, "") == Receiver.onERC721Received.selector);
        require(to.onERC1155Received(msg.sender, address(0), 1, 1, "") == Receiver.onERC1155Received.selector);
        uint256[] memory none = new uint256[](0);
        require(
            to.onERC1155BatchReceived(msg.sender, address(0), none, none, "")
                == Receiver.onERC1155BatchReceived.selector
        );
        handedOver += 1;
    }
}
